#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes everything that knows the engine's registers from rtl/registers.json.

rtl/spmma_regs_pkg.sv, verif/harness/registers.h, the tables of docs/registers.md, and docs/registers.driver.json: each
32-bit register on its own, with numbers as numbers, for drivers in other languages.

An entry of the data file: name; offset; access; description; and where they differ from the default: width (32, or 64
for a _LO, _HI pair), reset (0), parameter (the RTL parameter that it shows), locked (writes are refused while a job
runs), bits (the ones that are there, as "msb:lsb" or "bit"), fields. A field: name; bits; description; access (the
register's), reset (0), values (names of codes). Access is ro, rw, w1c (write 1 to clear) or w1 (write 1 to act).
"""
import argparse
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).parents[1]
SOURCE = "rtl/registers.json"
ACCESS = ("ro", "rw", "w1c", "w1")
BEGIN, END = "<!-- made by scripts/registers.py from rtl/registers.json -->", "<!-- end -->"


class Word:
    """One 32-bit register as the bus sees it."""

    def __init__(self, group, entry, half):
        width = entry.get("width", 32)
        self.group = group
        self.base = entry["name"]
        self.name = self.base + ("" if width == 32 else ("_LO", "_HI")[half])
        self.offset = int(entry["offset"], 16) + 4 * half
        self.access = entry["access"]
        self.parameter = entry.get("parameter", "")
        self.locked = entry.get("locked", False)
        self.description = entry["description"] + ("" if width == 32 else (", bits 31:0", ", bits 63:32")[half])
        self.fields = [field(item, entry) for item in entry.get("fields", [])]
        self.reset = int(str(entry.get("reset", 0)), 0) >> (32 * half) & 0xFFFFFFFF
        msb, lsb = bit_range(entry.get("bits", "31:0"), self.name)
        self.mask = 0 if self.fields else (2 << msb) - (1 << lsb)
        for item in self.fields:
            bits = (1 << item["width"]) - 1
            check(not self.mask & (bits << item["lsb"]), self.name, "has fields that overlap")
            check(item["reset"] <= bits, self.name, "has a field whose reset value does not fit")
            self.mask |= bits << item["lsb"]
            self.reset |= item["reset"] << item["lsb"]


def check(condition, name, problem):
    if not condition:
        raise SystemExit(f"registers.py: {name} {problem}")


def bit_range(text, name):
    """(msb, lsb) of "msb:lsb" or "bit"."""
    msb, _, lsb = text.partition(":")
    check(0 <= int(lsb or msb) <= int(msb) < 32, name, f"has bits {text}")
    return int(msb), int(lsb or msb)


def field(raw, entry):
    msb, lsb = bit_range(raw["bits"], entry["name"])
    item = {
        "name": raw["name"],
        "lsb": lsb,
        "width": msb - lsb + 1,
        "access": raw.get("access", entry["access"]),
        "reset": raw.get("reset", 0),
        "description": raw["description"],
        "values": raw.get("values", {}),
    }
    check(item["access"] in ACCESS, entry["name"], f"has a field with an unknown access: {raw}")
    return item


def load():
    """The data file, and its registers as words in ascending order, checked."""
    data = json.loads((ROOT / SOURCE).read_text(encoding="utf-8"))
    words = []
    for group in data["groups"]:
        for entry in group["registers"]:
            width = entry.get("width", 32)
            name = entry["name"]
            check(entry["access"] in ACCESS, name, "has an unknown access")
            check(width in (32, 64), name, "is neither 32 nor 64 bits wide")
            check(int(entry["offset"], 16) % (width // 8) == 0, name, "is not aligned to its size")
            check(width == 32 or not {"bits", "fields"} & entry.keys(), name, "has 64 bits and fields")
            words += [Word(group["name"], entry, half) for half in range(width // 32)]
    for before, word in zip(words, words[1:]):
        check(before.offset < word.offset, word.name, f"does not come after {before.name}")
    check(words[-1].offset < 1 << data["address_bits"], words[-1].name, "is beyond the address")
    check(len({word.name for word in words}) == len(words), "a name", "is there twice")
    counts = [word for word in words if word.group == "count"]
    for index, word in enumerate(counts):  # the RTL finds a counter by its index
        check(word.offset == counts[0].offset + 4 * index, word.name, "leaves a gap between counters")
    stored = [word for word in words if word.access == "rw"]
    job = [word for word in stored if word.group == "job"]  # the RTL takes a job's words from one place
    check(job == stored[-len(job):], "job", "is not the last group of what is stored")
    check(not any(word.fields for word in job[1:]), "job", "has fields behind its first register")
    return data, words


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def banner(comment):
    return [f"{comment} SPDX-License-Identifier: Apache-2.0", f"{comment} Made by scripts/registers.py from {SOURCE}."]


def bases(words):
    """Each register once, a pair by its low word: (name, first word, width)."""
    names = list(dict.fromkeys(word.base for word in words))
    groups = [[word for word in words if word.base == name] for name in names]
    return [(group[0].base, group[0], 32 * len(group)) for group in groups]


def job_items(words):
    """What a job is made of, from its lowest bit on: (name, width). First the registers that are one value, whose words
    spmma_regs takes as they are, then the fields of the others."""
    registers = bases([word for word in words if word.group == "job"])
    items = [(camel(name), width) for name, word, width in registers if not word.fields]
    return items + [(camel(item["name"]), item["width"]) for _, word, _ in registers for item in word.fields]


def coded(word):
    """The fields whose codes become constants: what a job reports. A job's formats have their names elsewhere."""
    return [item for item in word.fields if item["values"] and word.group != "job"]


def aligned(rows):
    """Lines of (left, right) with the right parts below each other."""
    left = max(len(row[0]) for row in rows)
    return [f"{a:<{left}} = {b};" for a, b in rows]


def package(words):
    stored = [word for word in words if word.access == "rw"]
    counts = bases([word for word in words if word.group == "count"])
    lines = banner("//") + [
        "// Registers of the engine: where they are, and how the job and the counters lie in their vectors.",
        "package spmma_regs_pkg;", "", "  // A map names more than the RTL uses.",
        "  /* verilator lint_off UNUSEDPARAM */", "",
        "  // Byte offsets; a register of 64 bits has its upper half 4 bytes further."]
    lines += ["  " + line for line in aligned(
        [(f"localparam logic [11:0] {camel(name)}Offset", f"12'h{word.offset:03X}") for name, word, _ in bases(words)])]

    lines += ["", "  // Values after reset of what never changes."]
    lines += [f"  localparam logic [31:0] {camel(word.name)}Reset = 32'h{word.reset:08X};"
              for word in words if word.group == "identity"]

    lines += ["", "  // Fields: lowest bit and, above one bit, width."]
    rows = []
    for word in words:
        for item in word.fields if word.group != "identity" else []:
            prefix = "localparam int " + camel(word.name) + camel(item["name"])
            rows.append((prefix + "Lsb", str(item["lsb"])))
            rows += [(prefix + "W", str(item["width"]))] if item["width"] > 1 else []
    lines += ["  " + line for line in aligned(rows)]
    for word in words:
        for item in coded(word):
            lines += ["", f"  // Codes of {word.name}.{item['name']}."]
            lines += ["  " + line for line in aligned(
                [(f"localparam logic [{item['width'] - 1}:0] {camel(word.name)}{camel(item['name'])}{camel(code)}",
                  f"{item['width']}'d{value}") for code, value in item["values"].items()])]

    lines += ["", "  // The counters in counts_i of spmma_regs, 64 bits each.",
              f"  localparam int NumCounts = {len(counts)};"]
    lines += ["  " + line for line in aligned(
        [(f"localparam int {camel(name)}", str(index)) for index, (name, _, _) in enumerate(counts)])]

    lines += ["", "  // What is written and read back, a word each, word 0 in the lowest bits: offset, bits that are there,",
              "  // value after reset, and whether a write is refused while a job runs.",
              f"  localparam int StoredWords = {len(stored)};"]
    lines += table("logic [12*StoredWords-1:0] StoredOffset", [f"12'h{word.offset:03X}" for word in stored])
    lines += table("logic [32*StoredWords-1:0] StoredMask", [f"32'h{word.mask:08X}" for word in stored])
    lines += table("logic [32*StoredWords-1:0] StoredReset", [f"32'h{word.reset:08X}" for word in stored])
    lines += table("logic [StoredWords-1:0] StoredLocked", [f"1'b{word.locked:d}" for word in stored])
    lines += [""]
    lines += ["  " + line for line in aligned(
        [(f"localparam int {camel(name)}Word", str(stored.index(word))) for name, word, _ in bases(stored)])]

    lines += ["", "  // The job in job_o of spmma_regs: lowest bit and width of each item."]
    lsb, rows = 0, []
    for name, width in job_items(words):
        rows += [(f"localparam int Job{name}Lsb", str(lsb)), (f"localparam int Job{name}W", str(width))]
        lsb += width
    lines += ["  " + line for line in aligned(rows + [("localparam int JobW", str(lsb))])]
    lines += ["", "  /* verilator lint_on UNUSEDPARAM */", "", "endpackage"]
    return "\n".join(lines) + "\n"


def listed(items, indent, width=110):
    """Comma-separated items on as few lines as fit."""
    lines, line = [], ""
    for index, item in enumerate(items):
        text = item + ("," if index + 1 < len(items) else "")
        if line and len(line) + len(text) + 1 > width:
            lines.append(line)
            line = ""
        line += (" " if line else "") + text
    return [" " * indent + text for text in lines + [line]]


def table(declaration, items):
    return [f"  localparam {declaration} = {{"] + listed(items[::-1], 4) + ["  };"]


def header(words):
    lines = banner("//") + [
        "// Registers of the engine (docs/registers.md) for C++: offsets, fields, and all of them as a table.",
        "#pragma once", "", "#include <array>", "#include <cstdint>", "#include <string_view>", "",
        "namespace spmma::verif::reg {", "",
        "/// What a write does: nothing (and SLVERR), store, clear the bits written 1, act on the bits written 1.",
        "enum class Access : std::uint8_t { ro, rw, w1c, w1 };", "",
        "/// Some bits of a register.",
        "struct Field {",
        "  std::string_view name;", "  int lsb;", "  int width;  ///< bits", "  Access access;", "",
        "  constexpr std::uint32_t mask() const { return (~std::uint32_t{0} >> (32 - width)) << lsb; }",
        "  /// The field's value in the register's value, and the other way round.",
        "  constexpr std::uint32_t get(std::uint32_t word) const { return (word & mask()) >> lsb; }",
        "  constexpr std::uint32_t put(std::uint32_t value) const { return (value << lsb) & mask(); }", "};", "",
        "/// One 32-bit register; of a 64-bit one, the half _LO or _HI.",
        "struct Register {",
        "  std::string_view name;", "  std::uint32_t offset;  ///< bytes", "  Access access;",
        "  std::uint32_t mask;  ///< bits that are there; the others read 0",
        "  std::uint32_t reset;",
        "  bool locked;                 ///< a write is refused while a job runs",
        "  std::string_view parameter;  ///< the RTL parameter that it shows (and reset is 0), or empty", "};", "",
        "// Byte offsets; a register of 64 bits has its upper half 4 bytes further."]
    lines += [f"inline constexpr std::uint32_t k{camel(name)} = 0x{word.offset:03X};" for name, word, _ in bases(words)]
    lines += ["", "// Fields, and the codes of what a job reports."]
    for word in words:
        for item in word.fields:
            name = camel(word.name) + camel(item["name"])
            lines.append(f'inline constexpr Field k{name}{{"{item["name"]}", {item["lsb"]}, {item["width"]}, '
                         f'Access::{item["access"]}}};')
            lines += [f"inline constexpr std::uint32_t k{name}{camel(code)} = {value};"
                      for code, value in (item["values"] if item in coded(word) else {}).items()]
    lines += ["", "/// Every register in ascending order of offsets.",
              f"inline constexpr std::array<Register, {len(words)}> kRegisters{{{{"]
    for word in words:
        lines.append(f'    {{"{word.name}", 0x{word.offset:03X}, Access::{word.access}, 0x{word.mask:08X}, '
                     f'0x{word.reset:08X}, {str(word.locked).lower()}, "{word.parameter}"}},')
    lines += ["}};", "", "}  // namespace spmma::verif::reg"]
    return "\n".join(lines) + "\n"


def document(data, words):
    """docs/registers.md with its tables made anew; what stands around them is written by hand."""
    text = (ROOT / "docs/registers.md").read_text(encoding="utf-8")
    lines = [BEGIN]
    for group in data["groups"]:
        lines += ["", f"### {group['title']}", ""]
        lines += ["| offset | name | access | reset | meaning |", "|---|---|---|---|---|"]
        for entry in group["registers"]:
            wide = entry.get("width", 32) == 64
            first = next(word for word in words if word.base == entry["name"])
            reset = f"`{entry['parameter']}`" if "parameter" in entry else "all ones" if "reset" in entry and wide \
                else f"0x{first.reset:X}" if first.reset else "0"
            name = f"`{entry['name']}_LO`, `_HI`" if wide else f"`{entry['name']}`"
            access = ", ".join(dict.fromkeys(item["access"] for item in first.fields)) or first.access
            lines.append(f"| {entry['offset']} | {name} | {access} | {reset} | {entry['description']}{bits(first)} |")
    lines += ["", END]
    return re.sub(re.escape(BEGIN) + ".*" + re.escape(END), lambda _: "\n".join(lines), text, flags=re.DOTALL)


def bits(word):
    """The fields of a register as the end of its line."""
    text = []
    for item in word.fields:
        msb = item["lsb"] + item["width"] - 1
        place = f"[{msb}:{item['lsb']}]" if item["width"] > 1 else f"[{msb}]"
        codes = ", ".join(f"{value} {code}" for code, value in item["values"].items())
        text.append(f"{place} `{item['name']}`: {item['description']}" + (f" ({codes})" if codes else ""))
    return "<br>" + "<br>".join(text) if text else ""


def driver(data, words):
    lines = [json.dumps({
        "name": word.name, "offset": word.offset, "access": word.access, "mask": word.mask,
        "reset": None if word.parameter else word.reset, "parameter": word.parameter or None,
        "locked": word.locked, "fields": word.fields, "description": word.description}, ensure_ascii=False) for word in words]
    return (f'{{\n"name": "{data["name"]}",\n"address_bits": {data["address_bits"]},\n"registers": [\n'
            + ",\n".join(lines) + "\n]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a file is not up to date")
    args = parser.parse_args()
    data, words = load()
    made = {
        "rtl/spmma_regs_pkg.sv": package(words),
        "verif/harness/registers.h": header(words),
        "docs/registers.md": document(data, words),
        "docs/registers.driver.json": driver(data, words),
    }
    stale = [name for name, text in made.items()
             if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != text]
    for name in stale:
        if args.check:
            print(f"registers.py: {name} is not what {SOURCE} says; run scripts/registers.py", file=sys.stderr)
        else:
            (ROOT / name).write_text(made[name], encoding="utf-8")
    return 1 if args.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
