"""The example's units and people are whole, and nobody among them is a person who exists."""

import csv
import re

from tests.desk.test_example_texts import FACTS, content


def test_every_municipality_has_units_and_a_coordinator_and_every_unit_a_place() -> None:
    with FACTS.open(encoding="utf-8") as facts:
        known = {row["code"] for row in csv.DictReader(facts)}
    municipalities = content("organisations")["municipality"]
    assert len(municipalities) == 3
    for municipality in municipalities:
        assert municipality["code"] in known
        codes: list[str] = []
        for unit in municipality["unit"]:
            assert unit.get("parent", codes[0] if codes else "") in {"", *codes}, (
                "a unit stands below one named before it"
            )
            codes.append(unit["code"])
        assert len(set(codes)) == len(codes)
        assert "coordinator" in {member["role"] for member in municipality["member"]}
        assert {member["unit"] for member in municipality["member"] if "unit" in member} <= set(codes)


def test_nobody_has_a_persons_name_or_a_real_address() -> None:
    everybody = [*content("organisations")["person"]]
    everybody += [member for row in content("organisations")["municipality"] for member in row["member"]]
    addresses = [person["email"] for person in everybody]
    assert len(set(addresses)) == len(addresses)
    assert [address for address in addresses if not re.fullmatch(r"[a-z0-9.]+@portal\.example", address)] == []
    roles = {
        "Administrator",
        "Arrangør",
        "Facilitator",
        "Koordinator",
        "Kursusudbyder",
        "Leder",
        "Medarbejder",
        "Redaktør",
    }
    assert {person["name"].split()[0] for person in everybody} == roles
