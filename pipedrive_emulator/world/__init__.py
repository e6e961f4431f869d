from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.world import World

__all__ = ["Company", "User", "World"]
