"""The codes of refusals at this door, as strings of four digits in `data`; docs/rpc.md lists them."""

from apps.common.errors import PortalError

UNKNOWN_COMMAND = "1001"
SESSION_INVALID = "1002"
NOT_FOUND = "1003"  # missing, or somebody else's: the same answer to the byte
NOT_PERMITTED = "1004"
MISSING_PARAMETER = "1005"
SURPLUS_PARAMETER = "1006"
BAD_PARAMETER = "1007"
NOT_AN_OBJECT = "1008"
TOO_LARGE = "1009"
WRONG_LOGIN = "1010"
KEY_NEEDED = "1011"
WRONG_KEY = "1012"
TOO_MANY = "1013"
SERVER_BUSY = "1014"
WRONG_STATE = "1015"
UNAVAILABLE = "1016"
REFUSED = "1017"
NOT_BY_PROGRAM = "1018"  # done by the person, in the portal's pages
NOT_SETTLED = "1019"  # sent, and the answer was lost: look in a minute, do not send again
CONFLICT = "1020"
LIMIT_REACHED = "1021"
BROKEN = "1099"

MEANINGS = {
    UNKNOWN_COMMAND: "there is no such command here",
    SESSION_INVALID: "no session, or one that is not valid (any more): log in",
    NOT_FOUND: "there is no such object, or it is not yours",
    NOT_PERMITTED: "your role does not allow this",
    MISSING_PARAMETER: "a parameter is missing; `parameter` names it",
    SURPLUS_PARAMETER: "the command has no such parameter, or it came twice; `parameter` names it",
    BAD_PARAMETER: "a parameter cannot be used; `parameter` names it",
    NOT_AN_OBJECT: "the body, or the parameter json, is no JSON object",
    TOO_LARGE: "more than 1 MB was sent",
    WRONG_LOGIN: "the address or the password is not right",
    KEY_NEEDED: "the account has a second factor: give its code as passkey",
    WRONG_KEY: "the code of the second factor is not right, or was used already",
    TOO_MANY: "too many requests: wait as long as Retry-After says",
    SERVER_BUSY: "another task runs on the server",
    WRONG_STATE: "the server or the object is not in a state in which this can be done",
    UNAVAILABLE: "the machines cannot be reached at present; nothing was changed",
    REFUSED: "this cannot be done as it stands; nothing was changed",
    NOT_BY_PROGRAM: "this is done by the person, in the pages of the portal",
    NOT_SETTLED: "it was sent and the answer was lost: look at the list in a minute, and do not send it again before",
    CONFLICT: "it clashes with what is there",
    LIMIT_REACHED: "a limit of the account is reached",
    BROKEN: "something broke on our side",
}
OF_ERRORS = {
    "not_found": NOT_FOUND,
    "not_permitted": NOT_PERMITTED,
    "invalid_input": BAD_PARAMETER,
    "unknown_template": BAD_PARAMETER,
    "disk_too_small": BAD_PARAMETER,
    "wrong_login": WRONG_LOGIN,
    "key_needed": KEY_NEEDED,
    "wrong_key": WRONG_KEY,
    "too_many_requests": TOO_MANY,
    "server_busy": SERVER_BUSY,
    "line_full": SERVER_BUSY,
    "wrong_state": WRONG_STATE,
    "server_gone": WRONG_STATE,
    "server_not_ready": WRONG_STATE,
    "state_unknown": WRONG_STATE,
    "zone_gone": WRONG_STATE,
    "network_gone": WRONG_STATE,
    "image_gone": WRONG_STATE,
    "image_in_use": WRONG_STATE,
    "drive_empty": WRONG_STATE,
    "network_in_use": WRONG_STATE,
    "zone_taken": CONFLICT,
    "record_clash": CONFLICT,
    "name_taken": CONFLICT,
    "limit_reached": LIMIT_REACHED,
    "refused": REFUSED,
    "not_settled": NOT_SETTLED,
    "not_by_program": NOT_BY_PROGRAM,
}
BY_STATUS = {400: BAD_PARAMETER, 401: SESSION_INVALID, 403: NOT_PERMITTED, 404: NOT_FOUND, 409: WRONG_STATE}


def code_of(error: PortalError) -> str:
    """The code of a failure that is safe to show."""
    return OF_ERRORS.get(error.code) or BY_STATUS.get(error.status) or (UNAVAILABLE if error.status == 503 else REFUSED)
