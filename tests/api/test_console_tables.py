"""Tables of the console: every cell says what it is, so that rows can fold where it is narrow."""

from __future__ import annotations

from api.console.table_labels import labelled


def test_each_cell_has_the_heading_of_its_column() -> None:
    rows = labelled(
        '<thead><tr><td></td><th scope="col">A &amp; <b>B</b></th><th scope="col" class="n">C</th>'
        '</tr></thead><tbody><tr><th scope="row">x</th><td class="n">1</td><td>2</td></tr>'
        '<tr><td colspan="3">none</td></tr></tbody>'
    )
    assert '<td role="cell"></td><th role="columnheader" scope="col">A &amp;' in rows
    assert '<th role="rowheader" scope="row">x</th>' in rows
    assert '<td role="cell" data-label="A &amp; B" class="n">1</td>' in rows
    assert '<td role="cell" data-label="C">2</td>' in rows
    assert '<td role="cell" colspan="3">none</td>' in rows


def test_what_a_cell_says_is_no_markup() -> None:
    rows = labelled("<tbody><tr><td>&lt;td&gt; &lt;/tr&gt;</td></tr></tbody>")
    assert rows.count("role=") == 3
