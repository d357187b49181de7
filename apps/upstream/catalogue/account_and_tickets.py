"""Account; tickets and support."""

from apps.upstream.catalogue.shapes import Category, Command, Parameter, Provenance, Resource, Type, optional

A, T = Category.ACCOUNT, Category.TICKETS
D, I = Provenance.DOCUMENTED, Provenance.INFERRED  # noqa: E741
TICKET = Parameter("pid", names=Resource.TICKET)

COMMANDS = (
    Command(
        "login",
        A,
        D,
        (
            Parameter("loginUsername"),
            Parameter("loginPassword", secret=True),
            Parameter("smskey", Type.INTEGER, required=False, secret=True),
            Parameter("passkey", Type.INTEGER, required=False, secret=True),
            Parameter("sendkey", Type.INTEGER, required=False, minimum=0, maximum=1),
        ),
        "success, sess, login; with sendkey=1 a key is sent and nobody is logged in",
        session=False,
    ),
    Command("logout", A, I, answers="nothing; ends the session"),
    Command("get_account", A, I, answers="login, name, email, phone, twofactorauth (off, sms, etoken)", reads=True),
    Command("update_account", A, I, (optional("name"), optional("email"), optional("phone")), "nothing"),
    Command("set_password", A, I, (Parameter("old", secret=True), Parameter("new", secret=True)), "nothing"),
    Command("set_twofactorauth", A, I, (Parameter("mode", choices=("off", "sms", "etoken")),), "nothing"),
    Command(
        "get_logs",
        A,
        D,
        (Parameter("count", Type.INTEGER, required=False, minimum=1, maximum=100),),
        "list of id, datepost, datecommit, cmd, status (0 running, 1 done, 2 not done), serverid; 50 if no count",
        reads=True,
    ),
    Command("get_tickets", T, I, answers="list of pid, subject, status, dateopen, datelast", reads=True),
    Command("get_ticket", T, I, (TICKET,), "the ticket with messages (id, author, date, text)", reads=True),
    Command(
        "add_ticket",
        T,
        I,
        (Parameter("subject"), Parameter("text"), optional("id", names=Resource.SERVER)),
        "pid",
    ),
    Command("add_ticket_message", T, I, (TICKET, Parameter("text")), "nothing"),
    Command("close_ticket", T, D, (TICKET,), "nothing; closes and archives"),
)
