# What personal data may be used for: the name, what it means, and its term in the Data Privacy Vocabulary.
purpose("support", "Helping a customer.", "dpv:CustomerCare");
purpose("sales", "Selling to a customer.", "dpv:CustomerRelationshipManagement");
purpose("delivery", "Bringing what was bought.", "dpv:DeliveryOfGoods");
purpose("billing", "Invoicing what was bought.", "dpv:PaymentManagement");
purpose("marketing", "Writing about what a customer wants to hear of.", "dpv:DirectMarketing");
purpose("verification", "Verifying who a customer is.", "dpv:IdentityVerification");
purpose("care", "Caring for a customer's health.", "dpv:ServiceProvision");

# What a purpose is called in another language, where customers read of it.
called("support", "lt", "pagalba");
called("sales", "lt", "pardavimas");
called("delivery", "lt", "pristatymas");
called("billing", "lt", "sąskaitos");
called("marketing", "lt", "rinkodara");
called("verification", "lt", "tapatybės patvirtinimas");
called("care", "lt", "sveikatos priežiūra");

# Which purpose needs which category of personal data. What is not here is not needed.

# Helping a customer takes knowing who it is, how to answer, what was said and what was bought.
needs("support", "identity");
needs("support", "contact_point");
needs("support", "interaction");
needs("support", "order");

# Selling takes knowing what the customer wants to hear about, and what came before.
needs("sales", "identity");
needs("sales", "contact_point");
needs("sales", "preference");
needs("sales", "interaction");
needs("sales", "order");

# Delivering takes a name, an address and a number to ring.
needs("delivery", "identity");
needs("delivery", "contact_point");
needs("delivery", "postal_address");

# Billing takes a name, an address, what was bought and the card it is paid with.
needs("billing", "identity");
needs("billing", "postal_address");
needs("billing", "order");
needs("billing", "payment_card");

# Marketing takes the customer's wishes and where to send what was wished for.
needs("marketing", "contact_point");
needs("marketing", "preference");

# Verifying takes what is to be verified. Nothing else takes the number by which a state knows a person.
needs("verification", "identity");
needs("verification", "identity_evidence");
needs("verification", "personal_code");
needs("verification", "contact_point");
needs("verification", "postal_address");

# Caring takes knowing who it is, how to answer, and what ails them. Nothing else takes a person's health.
needs("care", "identity");
needs("care", "contact_point");
needs("care", "health_record");

# Special categories of data (GDPR, Art. 9), each with the one purpose for which somebody can consent to it, by name.
special("health_record", "care");
