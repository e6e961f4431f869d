"""The npm package ``pipedrive`` finds in the emulator what it finds at Pipedrive."""

import json
import subprocess
from pathlib import Path

from tests.emulator.app_behind import CLIENT_ID, SECRETS
from tests.emulator.client import MARTA, Client

SCRIPT = Path(__file__).with_name("official_client.cjs")


def test_the_official_client_authorizes_reads_writes_refreshes_and_revokes(client: Client) -> None:
    order = {
        "host": client.emulator.url,
        "clientId": CLIENT_ID,
        "clientSecret": SECRETS[0],
        "redirectUri": client.app.callback,
        "code": client.code(MARTA),
    }
    command = ["node", str(SCRIPT), json.dumps(order)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["authorizationUrl"].startswith(
        f"{client.emulator.url}/oauth/authorize?client_id={CLIENT_ID}&"
    )
    assert seen["basePath"] == f"{client.emulator.url}/api/v2"
    assert seen["me"] == seen["afterRefresh"] == MARTA
    assert len(seen["titles"]) == len(set(seen["titles"])) == 38
    assert (seen["deal"]["participants_count"], seen["patched"]) == (3, 4)
    assert seen["people"] == ["Trần Thị Lan", "Đỗ Quang Minh", "Claire Dubois"]
    assert (seen["planned"]["subject"], seen["planned"]["deal_id"]) == ("Gọi chị Lan", 1)
    assert seen["fields"] == 61
    assert seen["refusal"]["code"] == "ERR_SCHEMA_VALIDATION_FAILED"
    assert seen["sameRefreshToken"] is True
    assert seen["afterRevoke"]["errorCode"] == 401
