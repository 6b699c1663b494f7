"""What the invented people say, buy and live in."""

CITIES = (
    ("Vilnius", "01100"),
    ("Kaunas", "44200"),
    ("Klaipėda", "91200"),
    ("Šiauliai", "76200"),
    ("Panevėžys", "35100"),
)
STREETS = (
    "Gedimino pr.",
    "Pilies g.",
    "Laisvės al.",
    "Basanavičiaus g.",
    "Žemaitės g.",
    "Čiurlionio g.",
    "Tilžės g.",
)
TOPICS = ("new arrivals", "seasonal sale", "spare parts", "service reminders")
SAID = {
    "en": (
        ("A late parcel", "Asked where the parcel is; it arrives tomorrow."),
        ("An invoice", "Asked for a copy."),
    ),
    "lt": (
        ("Vėluojanti siunta", "Klausė, kur siunta; atkeliaus rytoj."),
        ("Sąskaita", "Prašė sąskaitos kopijos."),
    ),
}
GOODS = (("Linen towel", "12.50"), ("Amber pendant", "48.00"), ("Rye bread", "3.20"), ("Oak stool", "79.90"))
BRANDS = ("VISA", "MASTERCARD", "MAESTRO")
AILMENTS = (
    ("ALLERGY", "300916003", "Latex allergy"),
    ("ALLERGY", "91935009", "Allergy to peanuts"),
    ("CONDITION", "195967001", "Asthma"),
    ("CONDITION", "38341003", "Hypertension"),
    ("CONDITION", "40055000", "Chronic sinusitis"),
)
