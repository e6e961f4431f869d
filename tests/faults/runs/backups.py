"""Backups of a server's files, as an operator takes and restores them."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.faults.lab.lab import Lab
from tests.harness.servers import Server, until

Form = Literal["AOF", "RDB"]
_FILES = {"AOF": "appendonlydir", "RDB": "dump.rdb"}


@dataclass(frozen=True, slots=True)
class Backup:
    server: Server
    copy: Path
    form: Form

    @classmethod
    def of(cls, lab: Lab, form: Form) -> "Backup":
        """Of `lab.redis`, as it is now."""
        assert lab.redis is not None
        made = cls(lab.redis, lab.folder / "backup" / _FILES[form], form)
        shutil.rmtree(made.copy.parent, ignore_errors=True)
        made.copy.parent.mkdir()
        if form == "AOF":
            shutil.copytree(made._lies_at, made.copy)
        else:
            lab.redis.client.save()
            shutil.copy(made._lies_at, made.copy)
        return made

    def put_back(self) -> None:
        """The server is killed, its files are replaced, and it starts with these on the same port."""
        self.server.kill()
        for name in _FILES.values():
            lies_at = self.server.folder / name
            shutil.rmtree(lies_at) if lies_at.is_dir() else lies_at.unlink(missing_ok=True)
        if self.form == "AOF":
            shutil.copytree(self.copy, self._lies_at)
            self.server.begin()
        else:
            shutil.copy(self.copy, self._lies_at)
            self._begin_from_dump()

    @property
    def _lies_at(self) -> Path:
        return self.server.folder / _FILES[self.form]

    def _begin_from_dump(self) -> None:
        """A server with an AOF reads no dump: so it starts without one, and begins one then."""
        usual = self.server.command
        self.server.command = [*usual, "--appendonly", "no"]
        self.server.begin()
        self.server.command = usual
        client = self.server.client
        client.config_set("appendonly", "yes")
        until(lambda: not self._info("aof_rewrite_in_progress"), "a new AOF")
        assert self._info("aof_last_bgrewrite_status") == "ok"

    def _info(self, name: str) -> object:
        return self.server.client.info("persistence")[name]
