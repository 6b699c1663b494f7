# Staff.

# Staff need to know what an open task of theirs needs, for the purpose they state.
needs_to_know(actor: Staff, customer, category, _field, purpose) if
    carries_task(actor, customer, task) and
    needs(task.purpose, category) and
    purpose = task.purpose;

# An actor carries a task that is open, is theirs, is not over its day, and serves the purpose they state.
carries_task(actor, customer, task) if
    task in customer.tasks and
    task.assigneeId = actor.id and
    task.status = "OPEN" and
    lasts(actor, task) and
    task.purpose = actor.purpose and
    assignee_is_active(task);

# A task opens something until it is due, and without a day nothing.
lasts(actor, task) if task.dueAt > actor.now;

# Whoever has a task is active: nobody who was deactivated sees or does anything by it.
assignee_is_active(task) if
    account in task.assignees and
    account.active = true;

# Staff work for a customer while they carry a task of that customer.
works_for(actor: Staff, customer) if
    carries_task(actor, customer, _);

# The same of one task.
carries(actor, task) if
    task.assigneeId = actor.id and
    task.status = "OPEN" and
    lasts(actor, task) and
    task.purpose = actor.purpose and
    assignee_is_active(task);

# A category is what staff work with while they carry a task of the customer whose purpose needs it.
works_with(actor: Staff, customer, category, purpose) if
    carries_task(actor, customer, task) and
    needs(task.purpose, category) and
    purpose = task.purpose;

# Staff verify what is kept of a customer while they carry a task to do so, the customer consents to that, and lets us
# use the data.
verifies(actor: Staff, customer, category) if
    carries_task(actor, customer, task) and
    task.purpose = "verification" and
    consented(actor, customer, category, "verification") and
    unrestricted(customer);

# Staff reach a customer while they carry a task that needs to, the customer consents to that, whoever recorded it, and
# lets us use the data.
reaches(actor: Staff, customer) if
    carries_task(actor, customer, task) and
    needs(task.purpose, "contact_point") and
    consent in customer.consents and
    consent.category = "contact_point" and
    consent.purpose = task.purpose and
    consent.permits = true and
    consent.expiresAt > actor.now and
    unrestricted(customer);

# Some roles oversee the work without seeing the person.
oversees(actor: Staff) if "manager" in actor.roles;
oversees(actor: Staff) if "privacy_officer" in actor.roles;

# These, and whoever looks after people, list who works here, and by which programs partners do.
lists_people(actor: Staff) if oversees(actor);
lists_people(actor: Staff) if "administrator" in actor.roles;
