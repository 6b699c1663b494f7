# Subcontractors: what staff would need for the same task, and of that only what the agreement names.

# A subcontractor needs to know a field when staff with its task would,
# and an agreement of its own, signed and in force, names the field for the task's purpose.
needs_to_know(actor: Subcontractor, customer, category, field, purpose) if
    carries_task(actor, customer, task) and
    needs(task.purpose, category) and
    bound(actor, task, agreement) and
    term in agreement.terms and
    term.purpose = task.purpose and
    term.category = category and
    term.field = field and
    purpose = task.purpose;

# A subcontractor works for a customer while it carries a task of that customer under its agreement.
works_for(actor: Subcontractor, customer) if
    carries_task(actor, customer, task) and
    bound(actor, task, _);

# A task is done under an agreement that binds the actor's own company.
bound(actor, task, agreement) if
    agreement in task.agreements and
    agreement.partnerId = actor.partnerId and
    binds(actor, agreement);

# An agreement binds a partner that we work with at present, while it is signed and in force.
binds(actor, agreement) if
    agreement.partner.active = true and
    agreement.signed = true and
    agreement.fromAt <= actor.now and
    agreement.untilAt > actor.now;
