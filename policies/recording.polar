# What may be recorded of a customer's consents, and by whom. Nobody but the customer speaks for the customer.
# An action on a consent is asked of it as it is once it was written, and what is refused is undone, but where it says
# otherwise.

# Consent is asked for by staff at work for that customer, or by the privacy officer.
allow(actor: Staff, "request_consent", customer: Customer) if works_for(actor, customer);
allow(actor: Staff, "request_consent", _: Customer) if "privacy_officer" in actor.roles;

# Staff ask for what their task needs, the privacy officer for anything, and customers, by a code, for their own.
allow(actor: Person, "request", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "request", consent: Consent) if is_of_a_task(actor, consent);
allow(actor: Staff, "request", _: Consent) if "privacy_officer" in actor.roles;

# Consent is given by the customer, or recorded by staff at work for that customer.
allow(actor: Person, "give_consent", customer: Customer) if customer.id = actor.customerId;
allow(actor: Staff, "give_consent", customer: Customer) if works_for(actor, customer);

# Staff record what their task needs, and nothing else.
allow(actor: Person, "record", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "record", consent: Consent) if is_of_a_task(actor, consent);

# A consent is of a task of mine when it is for the task's purpose, to a category which that needs, and the customer lets
# us use the data.
is_of_a_task(actor: Staff, consent) if
    customer = consent.customer and
    carries_task(actor, customer, task) and
    task.purpose = consent.purpose and
    needs(task.purpose, consent.category) and
    unrestricted(customer);

# A request is answered by the customer; staff record the answer to what their task needs. This is asked before.
allow(actor: Person, "defer", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "defer", consent: Consent) if is_of_a_task(actor, consent);
allow(actor: Person, "refuse", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "refuse", consent: Consent) if is_of_a_task(actor, consent);

# A consent to a special category is for the one purpose of that, whoever asks for it or gives it.
allow(_: Person, "pair", consent: Consent) if is_for_its_purpose(consent);
allow(_: Staff, "pair", consent: Consent) if is_for_its_purpose(consent);

is_for_its_purpose(consent) if special(consent.category, consent.purpose);
is_for_its_purpose(consent) if not special(consent.category, _);

# A no, or a consent that has run out, is followed by a consent of the customer's own; and only the customer renews what
# stands. This is asked of the earlier consent.
allow(actor: Person, "lift", consent: Consent) if is_own(actor, consent);
allow(actor: Person, "renew", consent: Consent) if is_own(actor, consent);

# A code that came back is the customer's word: it lifts a no, gives what was asked for, and confirms.
allow(actor: Person, "lift_by_code", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "lift_by_code", consent: Consent) if hears_the_code(actor, consent.customer);
allow(actor: Person, "record_by_code", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "record_by_code", consent: Consent) if hears_the_code(actor, consent.customer);

hears_the_code(actor: Staff, customer) if
    verifies(actor, customer, "contact_point") and
    unrestricted(customer);

# What somebody recorded is confirmed by the customer, or by a second person: one with such a task, or a privacy officer.
# This is asked before.
allow(actor: Person, "confirm", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "confirm", consent: Consent) if
    is_of_a_task(actor, consent) and
    consent.recordedById != actor.id;
allow(actor: Staff, "confirm", consent: Consent) if
    "privacy_officer" in actor.roles and
    consent.recordedById != actor.id;

# Staff store something under a consent for their task's purpose, and not under one that they recorded themselves.
allow(actor: Person, "use", consent: Consent) if is_own(actor, consent);
allow(actor: Staff, "use", consent: Consent) if
    carries_task(actor, consent.customer, task) and
    task.purpose = consent.purpose and
    consent.recordedById != actor.id;

# Customers say of what others recorded that they never gave it. This is asked before.
allow(actor: Person, "contradict", consent: Consent) if
    is_own(actor, consent) and
    consent.collectionMethod in ["staff", "import"];
