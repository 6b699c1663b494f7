"""The closed lists of the schema, from the models' own."""

import strawberry

import models

Purpose = strawberry.enum(models.Purpose, description="Why personal data may be used.")
Category = strawberry.enum(models.Category, description="A kind of personal data, consented to as one.")
ConsentState = strawberry.enum(models.ConsentState, description="The state of a consent, as the Data Privacy Vocabulary names it.")
ContactKind = strawberry.enum(models.ContactKind, description="By what means a contact point reaches somebody.")
AddressKind = strawberry.enum(models.AddressKind, description="What an address is for.")
ContactChannel = strawberry.enum(models.ContactChannel, description="A channel a customer may wish to be addressed by.")
InteractionChannel = strawberry.enum(models.InteractionChannel, description="How an interaction took place.")
CustomerStatus = strawberry.enum(models.CustomerStatus, description="Where a customer stands with us.")
TaskStatus = strawberry.enum(models.TaskStatus, description="Whether a task opens a door.")
TaskOutcome = strawberry.enum(models.Outcome, name="TaskOutcome", description="How a task ended.")
Role = strawberry.enum(models.Role, description="What an employee is here to do.")
