# What employees are here to do.
role("agent", "Carries tasks.");
role("manager", "Opens tasks and gives them to others.");
role("front_desk", "Finds who calls or comes, and sees no data.");
role("privacy_officer", "Watches over consents.");
role("administrator", "Looks after the system, and sees no customer.");

# The roles that an imported file may give; whoever's title says nothing has the first. The others are given by hand.
an_import_gives("agent");
an_import_gives("manager");
