"""Deciding a case: what is known of it, the champion, the judgement, the Decision and its log."""
