"""What the invented people are called, say, buy and live in."""

GIVEN = {
    "lt": (
        ("Andrius", "Darius", "Domantas", "Giedrius", "Jonas", "Karolis", "Kęstutis", "Linas", "Lukas", "Mantas",
         "Marius", "Mindaugas", "Nerijus", "Paulius", "Petras", "Rokas", "Saulius", "Šarūnas", "Tadas", "Vytautas"),
        ("Agnė", "Asta", "Austėja", "Birutė", "Daiva", "Eglė", "Gabija", "Ieva", "Jūratė", "Kotryna",
         "Laima", "Milda", "Neringa", "Ona", "Rasa", "Rūta", "Skaistė", "Ugnė", "Vaiva", "Živilė"),
    ),
    "en": (
        ("Alfred", "Barnaby", "Callum", "Desmond", "Edwin", "Francis", "Gareth", "Henry", "Ivor", "Jasper",
         "Kenneth", "Leonard", "Maxwell", "Nigel", "Oliver", "Percy", "Ralph", "Simon", "Toby", "Wilfred"),
        ("Alice", "Beatrice", "Cecily", "Dorothy", "Edith", "Fiona", "Georgina", "Hazel", "Imogen", "Joyce",
         "Katherine", "Lydia", "Mabel", "Nora", "Olive", "Phoebe", "Rosalind", "Sylvia", "Tabitha", "Winifred"),
    ),
}  # fmt: skip
"""By language: given names of men, and of women."""

FAMILY = {
    "lt": (
        ("Bagdonas", "Bagdonaitė"), ("Balčiūnas", "Balčiūnienė"), ("Butkus", "Butkutė"), ("Čepaitis", "Čepaitytė"),
        ("Daukša", "Daukšaitė"), ("Grigas", "Grigaitė"), ("Gudaitis", "Gudaitytė"), ("Jankauskas", "Jankauskienė"),
        ("Jonaitis", "Jonaitytė"), ("Kairys", "Kairytė"), ("Kazlauskas", "Kazlauskienė"), ("Lukošius", "Lukošienė"),
        ("Matulis", "Matulytė"), ("Mažeika", "Mažeikaitė"), ("Navickas", "Navickienė"), ("Norkus", "Norkutė"),
        ("Petrauskas", "Petrauskaitė"), ("Rimkus", "Rimkienė"), ("Savickas", "Savickaitė"), ("Stankevičius", "Stankevičienė"),
        ("Šimkus", "Šimkutė"), ("Urbonas", "Urbonienė"), ("Vasiliauskas", "Vasiliauskaitė"), ("Žukauskas", "Žukauskienė"),
    ),
    "en": tuple(
        (name, name)
        for name in ("Ashdown", "Barlow", "Chilcott", "Dunmore", "Eastwick", "Fairley", "Garside", "Hathersage",
                     "Ingleby", "Jessop", "Kirkham", "Lockyer", "Marlow", "Nettleton", "Oakeshott", "Pemberton",
                     "Quill", "Ravenhill", "Swinburn", "Thackeray", "Underhill", "Vickers", "Wetherby", "Yardley")
    ),
}  # fmt: skip
"""By language: family names as a man and as a woman bears them."""

COMPANIES = {
    "lt": ("UAB „Ąžuolo sala“", "UAB „Baltas gandras“", "UAB „Dvaro virtuvė“", "UAB „Gintaro takas“",
           "UAB „Linų laukas“", "UAB „Medaus korys“", "UAB „Mėlynas kalnas“", "UAB „Nemuno krantas“",
           "UAB „Pajūrio vėjas“", "UAB „Raudonas bokštas“", "UAB „Rudens sodas“", "UAB „Sidabro žuvis“",
           "UAB „Senas malūnas“", "UAB „Šaltinėlis“", "UAB „Šviesus rytas“", "UAB „Trys pušys“", "UAB „Tyli upė“",
           "UAB „Varpo skambesys“", "UAB „Vėjo brolis“", "UAB „Žalia giria“"),
    "en": ("Ashdown & Daughters Ltd", "Barlow Bindery Ltd", "Chilcott Clocks Ltd", "Dunmore Dairy plc",
           "Eastwick Lighting Ltd", "Fairley Freight plc", "Garside Gardens Ltd", "Hathersage Tools Ltd",
           "Ingleby Instruments plc", "Jessop Joinery Ltd", "Kirkham Kilns Ltd", "Lockyer Looms Ltd",
           "Marlow Mills plc", "Nettleton Paper Ltd", "Oakeshott Orchards Ltd", "Pemberton Pianos Ltd",
           "Quill & Vickers LLP", "Ravenhill Rope plc", "Swinburn Saddles Ltd", "Wetherby Wool Ltd"),
}  # fmt: skip
MAILBOXES = {
    "lt": ("aitvaras", "aviete", "berzas", "gandras", "gintaras", "kregzde", "liepa", "pempe", "rugys", "upelis"),
    "en": ("acorn", "birch", "harbour", "heron", "lantern", "linden", "meadow", "otter", "thistle", "willow"),
}  # fmt: skip
"""By language: what addresses are made of. Not of names: an address would tell what the policies keep back."""

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
TOWNS = (
    ("Bath", "Somerset", "BA1"),
    ("Durham", "County Durham", "DH1"),
    ("Ely", "Cambridgeshire", "CB7"),
    ("Lewes", "East Sussex", "BN7"),
    ("Ludlow", "Shropshire", "SY8"),
    ("Stamford", "Lincolnshire", "PE9"),
    ("Truro", "Cornwall", "TR1"),
    ("Whitby", "North Yorkshire", "YO21"),
)
ROADS = (
    "Abbey Road",
    "Castle Lane",
    "Church Street",
    "Ferry Road",
    "Market Addresses",
    "Mill Lane",
    "Orchard Close",
    "Station Road",
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
