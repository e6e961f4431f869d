from pipedrive_emulator.world.seed.plant import SEEDS, plant

__all__ = ["SEEDS", "plant"]
