# What staff and subcontractors write of a customer on the customer's word, and what the customer says of it.

# Staff write down what customers dictate of the categories that their task needs: where they read it, too. They take
# nothing away: that is erasing for somebody, and takes two people (`instruction.polar`).
allow(actor: Staff, "add_contact_point", customer: Customer) if dictates(actor, customer, "contact_point");
allow(actor: Staff, "add_postal_address", customer: Customer) if dictates(actor, customer, "postal_address");
allow(actor: Staff, "add_preference", customer: Customer) if dictates(actor, customer, "preference");
allow(actor: Staff, "change_identity", customer: Customer) if dictates(actor, customer, "identity");
allow(actor: Staff, "change", point: ContactPoint) if
    dictates(actor, point.customer, "contact_point") and
    kept_lawfully(point);
allow(actor: Staff, "change", address: PostalAddress) if
    dictates(actor, address.customer, "postal_address") and
    kept_lawfully(address);
allow(actor: Staff, "change", preference: Preference) if
    dictates(actor, preference.customer, "preference") and
    kept_lawfully(preference);

# So they do with what was said, and with what was ordered.
allow(actor: Staff, "record_interaction", customer: Customer) if dictates(actor, customer, "interaction");
allow(actor: Staff, "enter_order", customer: Customer) if dictates(actor, customer, "order");

# A subcontractor writes down what was said where its agreement names every field of that, and nothing else.
allow(actor: Subcontractor, "record_interaction", customer: Customer) if notes(actor, customer);

# Somebody's task needs a category, and the customer consents to that, by a consent which they did not record themselves
# and nobody has confirmed yet, and lets us use the data.
dictates(actor: Staff, customer, category) if
    carries_task(actor, customer, task) and
    needs(task.purpose, category) and
    consented(actor, customer, category, task.purpose) and
    unrestricted(customer);

notes(actor: Subcontractor, customer) if
    carries_task(actor, customer, task) and
    needs(task.purpose, "interaction") and
    bound(actor, task, agreement) and
    names(agreement, task, "channel") and
    names(agreement, task, "occurredAt") and
    names(agreement, task, "subject") and
    names(agreement, task, "body") and
    consented(actor, customer, "interaction", task.purpose) and
    unrestricted(customer);

names(agreement, task, field) if
    term in agreement.terms and
    term.purpose = task.purpose and
    term.category = "interaction" and
    term.field = field;

# What was written is judged as it then is, and what is refused is undone: it bears the name of who wrote it, proves
# nothing yet, and rests on a consent that permits.
allow(actor: Staff, "dictate", identity: Identity) if
    dictates(actor, identity.customer, "identity") and
    is_written_by(actor, identity);
allow(actor: Staff, "dictate", point: ContactPoint) if
    dictates(actor, point.customer, "contact_point") and
    is_written_by(actor, point);
allow(actor: Staff, "dictate", address: PostalAddress) if
    dictates(actor, address.customer, "postal_address") and
    is_written_by(actor, address);
allow(actor: Staff, "dictate", preference: Preference) if
    dictates(actor, preference.customer, "preference") and
    is_written_by(actor, preference);
allow(actor: Staff, "dictate", interaction: Interaction) if
    dictates(actor, interaction.customer, "interaction") and
    is_written_by(actor, interaction);
allow(actor: Subcontractor, "dictate", interaction: Interaction) if
    notes(actor, interaction.customer) and
    is_written_by(actor, interaction);
allow(actor: Staff, "dictate", order: Order) if
    dictates(actor, order.customer, "order") and
    is_written_by(actor, order);

is_written_by(actor, record) if
    record.collectedBy = actor.id and
    record.source = "dictated" and
    record.verifiedAt = nil and
    kept_lawfully(record);

# What is added rests on a consent for the purpose of the task, which they did not record themselves.
allow(actor: Staff, "dictate_under", consent: Consent) if
    carries_task(actor, consent.customer, task) and
    task.purpose = consent.purpose and
    needs(task.purpose, consent.category) and
    consent.recordedById != actor.id;
allow(actor: Subcontractor, "dictate_under", consent: Consent) if
    carries_task(actor, consent.customer, task) and
    bound(actor, task, _) and
    task.purpose = consent.purpose and
    needs(task.purpose, consent.category) and
    consent.recordedById != actor.id;

# A contact point that somebody wrote down on the customer's word proves nothing to that person: it may be their own.
is_vouched_for(actor, point) if point.collectedBy != actor.id;
is_vouched_for(_actor, point) if point.source != "dictated";

# The customer confirms or contradicts what others wrote.
allow(actor: Person, "confirm", dictation: Dictation) if is_own(actor, dictation);
allow(actor: Person, "contradict", dictation: Dictation) if is_own(actor, dictation);

# The customer sees what was written, when, in which role, and how they are said to have said it.
allow_field(actor: Person, "read", dictation: Dictation, field) if
    field in ["customer", "category", "recordId", "change", "evidence", "state", "recordedAt", "recordedRoles",
              "keptUntil", "decidedAt"] and
    is_own(actor, dictation);

# That it was written, and what the customer said of it, is seen by who wrote it, and by the privacy officer.
allow_field(actor: Staff, "read", dictation: Dictation, field) if
    of_dictation(field) and
    dictation.recordedById = actor.id;
allow_field(actor: Staff, "read", _: Dictation, field) if
    of_dictation(field) and
    "privacy_officer" in actor.roles;
allow_field(actor: Staff, "read", _: Dictation, "recordedBy") if "privacy_officer" in actor.roles;

of_dictation(field) if
    field in ["customer", "category", "recordId", "change", "state", "recordedAt", "recordedRoles", "keptUntil",
              "decidedAt"];
