# Tasks that are looked at afterwards, as break-glass is: those given without an occasion of the customer's own, and those
# that one manager gave another.

# The privacy officer looks at it, if no party to it: who opened the task, who gave it, and who has it. A restriction does
# not keep anybody from being called to account.
allow(actor: Staff, "decide", review: TaskReview) if
    "privacy_officer" in actor.roles and
    review.givenById != actor.id and
    review.givenToId != actor.id and
    review.task.openedById != actor.id;

# Who gave the task, who has it and who reviews see what is reviewed, and what came of it.
allow_field(actor: Staff, "read", review: TaskReview, field) if
    field in ["customer", "task", "reason", "givenAt", "givenBy", "givenTo", "givenToClient", "verdict", "note",
              "reviewedAt", "reviewedBy"] and
    takes_part(actor, review);

takes_part(actor, review) if review.givenById = actor.id;
takes_part(actor, review) if review.givenToId = actor.id;
takes_part(actor, _review) if "privacy_officer" in actor.roles;

# The customer sees beside the task that it is reviewed, why, and with which verdict, and no names.
allow_field(actor: Person, "read", review: TaskReview, field) if
    field in ["customer", "reason", "givenAt", "verdict", "reviewedAt"] and
    review.customerId = actor.customerId;
