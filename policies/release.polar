# The only rules that release personal data. Everything personal is released by one of the first two and no other.

# A field of a customer's data is read by whoever needs to know it for a purpose,
# and only while the customer consents to that category for that purpose
# and has not asked us to stop processing.
allow_field(actor: Anyone, "read", record: Personal, field) if
    holds(record, category, field) and
    customer = record.customer and
    needs_to_know(actor, customer, category, field, purpose) and
    consented(actor, customer, category, purpose) and
    unrestricted(customer);

# A field of a customer's data is read by the customer, as long as we may keep it at all.
allow_field(actor: Person, "read", record: Personal, field) if
    holds(record, _, field) and
    is_own(actor, record) and
    kept_lawfully(record);

# The way from a customer to a category of data is open to whoever may read something there.
allow_field(actor: Anyone, "read", customer: Customer, field) if
    leads_to(field, category) and
    needs_to_know(actor, customer, category, _, purpose) and
    consented(actor, customer, category, purpose) and
    unrestricted(customer);
