# The gate every grant on personal data passes.

# A customer has consented while a consent to the category for the purpose stands, has not run out, and is not
# suspended because somebody said that it should end.
# What somebody recorded on the customer's word opens nothing to that person, until the customer or a second person has
# confirmed it.
consented(actor, customer, category, purpose) if
    consent in customer.consents and
    consent.category = category and
    consent.purpose = purpose and
    consent.permits = true and
    consent.suspendedById = nil and
    consent.expiresAt > actor.now and
    consent.recordedById != actor.id;

# We may keep a record while the consent it rests on permits it.
kept_lawfully(record) if
    record.consent.permits = true;

# Data are used while the customer has not asked us to stop processing.
unrestricted(customer) if
    customer.restricted = false;

# A customer who has not left is one for whom something can still be done.
has_not_left(customer) if
    customer.status = "ACTIVE";
