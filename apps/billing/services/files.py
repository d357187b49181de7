"""Fetching a file of a contract or a bill."""

from apps.accounts.actor import Actor
from apps.billing import selectors
from apps.resellers.gateway import Gateway
from apps.upstream.money import RemoteFile, read_file


def fetch(actor: Actor, file_id: int) -> RemoteFile:
    """The file's content (get_file), if it belongs to a contract that the actor sees; NotFound, Unavailable."""
    file = selectors.file_for(actor, file_id)
    return Gateway(file.contract.account).read_as(read_file, "get_file", fid=file.upstream_id)
