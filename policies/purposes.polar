# Which purpose needs which category of personal data. What is not here is not needed.

# Helping a customer takes knowing who it is, how to answer, what was said and what was bought.
needs("support", "identity");
needs("support", "contact");
needs("support", "interaction");
needs("support", "order");

# Selling takes knowing what the customer wants to hear about, and what came before.
needs("sales", "identity");
needs("sales", "contact");
needs("sales", "preference");
needs("sales", "interaction");
needs("sales", "order");

# Delivering takes a name, an address and a number to ring.
needs("delivery", "identity");
needs("delivery", "contact");
needs("delivery", "address");

# Billing takes a name, an address, what was bought and the card it is paid with.
needs("billing", "identity");
needs("billing", "address");
needs("billing", "order");
needs("billing", "payment_card");

# Marketing takes the customer's wishes and where to send what was wished for.
needs("marketing", "contact");
needs("marketing", "preference");

# Verifying takes what is to be verified. Nothing else takes the number by which a state knows a person.
needs("verification", "identity");
needs("verification", "identity_evidence");
needs("verification", "personal_code");
needs("verification", "contact");
needs("verification", "address");

# Caring takes knowing who it is, how to answer, and what ails them. Nothing else takes a person's health.
needs("care", "identity");
needs("care", "contact");
needs("care", "health");
