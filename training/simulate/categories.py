"""Product categories with prices, weights and rates of faults."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """Prices are medians in major units (CNY), weights in grams, the rest are relative rates."""

    name: str
    popularity: float
    price: float
    spread: float
    weight_g: float
    defects: float
    misfit: float
    fragile: float
    regret: float
    fakes: float
    loot: float
    no_reason: float = 0.95
    bundles: float = 0.15
    parcel: bool = True


CATEGORIES: tuple[Category, ...] = (
    Category("apparel", 20, 119, 0.7, 450, 0.7, 2.2, 0.1, 2.6, 0.6, 1.0),
    Category("shoes", 8, 219, 0.7, 950, 0.9, 1.9, 0.1, 2.2, 1.2, 1.3),
    Category("bags", 5, 259, 1.0, 900, 0.7, 1.2, 0.2, 1.5, 2.5, 1.6),
    Category("phones", 3, 1899, 0.7, 480, 1.4, 0.4, 0.7, 0.5, 0.9, 2.4),
    Category("electronics", 8, 289, 1.0, 900, 1.8, 0.6, 1.0, 0.7, 0.8, 1.6),
    Category("home", 10, 89, 0.9, 1800, 0.9, 1.1, 1.3, 0.9, 0.2, 0.7),
    Category("kitchen", 7, 109, 0.8, 1600, 1.1, 0.7, 2.0, 0.7, 0.3, 0.7),
    Category("beauty", 10, 149, 0.8, 350, 0.6, 0.8, 1.1, 0.6, 2.2, 1.4),
    Category("fresh_food", 8, 69, 0.5, 2600, 2.0, 0.8, 1.7, 0.0, 0.0, 0.9, 0.0, 0.35),
    Category("snacks", 9, 49, 0.6, 900, 0.8, 0.5, 0.8, 0.4, 0.2, 0.6, 0.5, 0.5),
    Category("toys", 4, 79, 0.8, 700, 1.1, 0.8, 0.7, 0.9, 0.7, 0.8),
    Category("jewellery", 3, 399, 1.1, 120, 0.7, 1.0, 0.4, 1.0, 2.0, 1.9, 0.8),
    Category("custom_gift", 2, 99, 0.7, 600, 0.8, 1.2, 0.9, 0.2, 0.1, 0.4, 0.0),
    Category("underwear", 4, 69, 0.5, 200, 0.5, 1.3, 0.0, 0.5, 0.3, 0.4, 0.2, 0.4),
    Category("digital", 2, 59, 0.8, 0, 0.5, 0.7, 0.0, 0.3, 0.2, 0.6, 0.0, 0.0, False),
)
NAMES: tuple[str, ...] = tuple(category.name for category in CATEGORIES)
