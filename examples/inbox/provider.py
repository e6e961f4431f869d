"""A messaging service for the example: in memory, gone with the process, and with a talkative customer."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from marketplace_app.kit.messaging import Message, Participant

CUSTOMER = Participant(id="anna", name="Anna Customer", role="end_user")


@dataclass(slots=True)
class Account:
    """Messages by conversation, oldest first. Another account has others, whatever their names."""

    name: str
    talks: dict[str, list[Message]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def owner(self) -> Participant:
        return Participant(id="us", name=self.name, role="source_user")

    def write(self, talk: str, sender_id: str, text: str, at: datetime) -> Message:
        message = Message(
            id=f"m{next(self.numbers)}", message=text, sender_id=sender_id, created_at=at, status="delivered"
        )
        self.talks.setdefault(talk, []).append(message)
        return message


@dataclass(slots=True)
class Provider:
    """Accounts by channel: a channel's id is known to nobody else."""

    accounts: dict[str, Account] = field(default_factory=dict)

    def account(self, channel_id: str, name: str, at: datetime) -> Account:
        found = self.accounts.get(channel_id)
        if found is None:
            found = self.accounts[channel_id] = Account(name)
            found.write("talk-1", CUSTOMER.id, f"Hello {name}", at)
        return found
