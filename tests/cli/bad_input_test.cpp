// SPDX-License-Identifier: Apache-2.0
// Bad input of every kind: exit code 2, one line on standard error that says what is wrong and where, and no file made
// or changed. The table is the list of what counts as bad input; its first column names the kind.
#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "built_presets.h"
#include "command.h"

namespace spmma::test {
namespace {

using verif::Dtype;

struct BadInput {
  const char* kind;
  const char* name;       ///< of the test
  const char* arguments;  ///< GEMM stands for a gemm that only lacks --a, MODEL for a model of fp16
  const char* complaint;  ///< must be part of the line
};

std::ostream& operator<<(std::ostream& out, const BadInput& b) { return out << b.kind << ": spmma " << b.arguments; }

// In the folder: a.npy (fp16, 4 x 8, dense), p.npy (the same, 2:4), v.npy and e.npy (p.npy compressed), b.npy (8 x 3),
// c.npy (f32, 4 x 3), i.npy and j.npy (int8, 4 x 8 and 8 x 3), and one damaged file for each case.
constexpr BadInput kBadInputs[] = {
    // clang-format off
    {"missing file", "MissingA", "GEMM --a none.npy", "none.npy: No such file or directory"},
    {"missing file", "MissingB", "gemm --format fp16 --a a.npy --b none.npy --out d.npy", "none.npy: No such file"},
    {"missing file", "MissingC", "GEMM --a a.npy --c none.npy", "none.npy: No such file"},
    {"missing file", "MissingMeta", "GEMM --a v.npy --meta none.npy", "none.npy: No such file"},
    {"missing file", "MissingPrune", "prune --format fp16 --a none.npy --out d.npy", "none.npy: No such file"},
    {"missing file", "MissingCompress", "compress --format fp16 --a none.npy --values x.npy --meta y.npy", "none.npy: No such file"},
    {"missing file", "MissingExpand", "expand --format fp16 --values none.npy --meta e.npy --out d.npy", "none.npy: No such file"},
    {"missing file", "MissingExplain", "explain --format fp16 --a none.npy --b b.npy --element 0,0", "none.npy: No such file"},
    {"missing file", "AFolder", "GEMM --a folder", "folder: is a directory"},
    {"truncated file", "TruncatedData", "GEMM --a cut.npy", "cut.npy: truncated: the header promises 64 bytes of data, the file holds 63"},
    {"truncated file", "TruncatedHeader", "GEMM --a cut_header.npy", "cut_header.npy: truncated within the header"},
    {"truncated file", "TruncatedMagic", "GEMM --a cut_magic.npy", "cut_magic.npy: not an .npy file"},
    {"non-npy file", "EmptyFile", "GEMM --a empty.npy", "empty.npy: not an .npy file"},
    {"non-npy file", "Text", "GEMM --a text.npy", "text.npy: not an .npy file"},
    {"non-npy file", "Zeros", "GEMM --a /dev/zero", "/dev/zero: not an .npy file"},
    {"non-npy file", "Version3", "GEMM --a version3.npy", "version3.npy: .npy format 3.0 is not supported"},
    {"non-npy file", "DamagedHeader", "GEMM --a garbage.npy", "garbage.npy: the header is damaged"},
    {"non-npy file", "ExtraBytes", "GEMM --a extra.npy", "extra.npy: there are extra bytes after the data"},
    {"header promises more than the file holds", "PromisesMore", "GEMM --a promise.npy", "promise.npy: truncated: the header promises 2097152"},
    {"header promises more than memory", "PromisesMoreThanMemory", "GEMM --a memory.npy", "memory.npy: 1 x 1099511627776 x 1048576 elements need"},
    {"header promises more than memory", "PromiseOverflows", "GEMM --a overflow.npy", "overflow.npy: 1 x 4611686018427387904 x 4611686018427387904 elements are too many"},
    {"header promises more than memory", "SizeOverflows", "GEMM --a overflow2.npy", "overflow2.npy: the shape's sizes are too large"},
    {"header promises more than memory", "NegativeSize", "GEMM --a negative.npy", "negative.npy: the shape has a negative size"},
    {"header promises more than memory", "ResultTooLarge", "gemm --format fp16 --a tall.npy --b wide.npy --out d.npy", "D is too large"},
    {"wrong element type", "Float64", "GEMM --a f8.npy", "f8.npy: element type '<f8' is not one that a matrix can have"},
    {"wrong element type", "BigEndian", "GEMM --a big_endian.npy", "big_endian.npy: element type '>f2' is big-endian"},
    {"wrong element type", "Structured", "GEMM --a structured.npy", "structured.npy: structured element types are not matrices"},
    {"wrong element type", "IntegersForFp16", "GEMM --a i.npy", "i.npy: elements are int8, but fp16 is given as float16 or uint16"},
    {"wrong element type", "UnsignedForInt8", "gemm --format int8 --a u.npy --b j.npy --out d.npy", "u.npy: elements are uint8, but int8 is given as int8"},
    {"wrong element type", "FloatForBf16", "gemm --format bf16 --a a.npy --b b.npy --out d.npy", "a.npy: elements are float16, but bf16 is given as uint16"},
    {"wrong element type", "Meta", "GEMM --a v.npy --meta v.npy", "v.npy: elements are float16, but metadata is given as uint8"},
    {"wrong element type", "C", "GEMM --a a.npy --c b.npy", "b.npy: elements are float16, but f32 is given as float32 or uint32"},
    {"wrong rank", "OneDimension", "GEMM --a rank1.npy", "rank1.npy: has 1 dimensions"},
    {"wrong rank", "FourDimensions", "GEMM --a rank4.npy", "rank4.npy: has 4 dimensions"},
    {"wrong shape", "C", "GEMM --a a.npy --c c43.npy", "c43.npy: is 3 x 4, but D is 4 x 3"},
    {"wrong shape", "Batch", "gemm --format fp16 --a a2.npy --b b3.npy --out d.npy", "b3.npy: batch size is 3, but that of a2.npy is 2"},
    {"wrong shape", "MetaRows", "GEMM --a v.npy --meta e3.npy", "e3.npy: has 3 rows, but v.npy has 4"},
    {"wrong shape", "MetaGroups", "GEMM --a v.npy --meta e1.npy", "e1.npy: 1 groups a row do not fit the 4 values a row of v.npy"},
    {"wrong shape", "ExpandBatch", "expand --format fp16 --values v2.npy --meta e3b.npy --out d.npy", "e3b.npy: batch size is 3, but that of v2.npy is 2"},
    {"K mismatch", "Dense", "gemm --format fp16 --a a.npy --b b7.npy --out d.npy", "b7.npy: has 7 rows, but K of A is 8"},
    {"K mismatch", "Compressed", "gemm --format fp16 --a v.npy --meta e.npy --b b7.npy --out d.npy", "b7.npy: has 7 rows, but K of A is 8"},
    {"K mismatch", "NoWholeGroups", "gemm --format fp16 --a a6.npy --b b6.npy --out d.npy --sparse", "a6.npy: K = 6 is not a multiple of 4"},
    {"K mismatch", "NoWholeGroupsToPrune", "prune --format fp16 --a a6.npy --out d.npy", "a6.npy: K = 6 is not a multiple of 4"},
    {"A not 2:4", "Gemm", "GEMM --a a.npy --sparse", "a.npy: row 2, group 1 has more than 2 non-zero of 4"},
    {"A not 2:4", "Compress", "compress --format fp16 --a a.npy --values x.npy --meta y.npy", "a.npy: row 2, group 1 has more than 2 non-zero of 4"},
    {"A not 2:4", "Batch", "compress --format fp16 --a a2.npy --values x.npy --meta y.npy", "a2.npy: entry 1, row 2, group 1 has more than 2 non-zero of 4"},
    {"A not 2:4", "Tf32", "compress --format tf32 --a t.npy --values x.npy --meta y.npy", "t.npy: row 0, group 1 has more than 1 non-zero of 2"},
    {"illegal nibble", "Ordered", "GEMM --a v.npy --meta e_any.npy", "e_any.npy: row 2, group 1: nibble 0x1 is not legal"},
    {"illegal nibble", "Batch", "GEMM --a v.npy --meta e_any2.npy", "e_any2.npy: entry 1, row 2, group 1: nibble 0x1 is not legal"},
    {"illegal nibble", "Expand", "expand --format fp16 --values v.npy --meta e_any.npy --out d.npy", "e_any.npy: row 2, group 1: nibble 0x1 is not legal"},
    {"illegal nibble", "Tf32", "gemm --format tf32 --a tv.npy --meta te.npy --b tb.npy --out d.npy --metadata any", "te.npy: row 0, group 1: nibble 0x9 is not legal (tf32: 4 E)"},
    {"bits above the nibble", "Gemm", "GEMM --a v.npy --meta e_bits.npy", "e_bits.npy: row 1, group 0: 0x14 has bits above the nibble"},
    {"bits above the nibble", "GemmAny", "GEMM --a v.npy --meta e_bits.npy --metadata any", "e_bits.npy: row 1, group 0: 0x14 has bits above the nibble"},
    {"bits above the nibble", "Expand", "expand --format fp16 --values v.npy --meta e_bits.npy --out d.npy --metadata any", "e_bits.npy: row 1, group 0: 0x14 has bits above the nibble"},
    {"bits above the nibble", "Explain", "explain --format fp16 --a v.npy --meta e_bits.npy --b b.npy --element 0,0", "e_bits.npy: row 1, group 0: 0x14 has bits above the nibble"},
    {"illegal formats", "UnknownFormat", "gemm --format fp17 --a a.npy --b b.npy --out d.npy", "--format: 'fp17' is not one of int8, uint8, fp16"},
    {"illegal formats", "UnknownFormatB", "GEMM --a a.npy --format-b fp17", "--format-b: 'fp17' is not one of"},
    {"illegal formats", "UnknownAcc", "GEMM --a a.npy --acc f64", "--acc: 'f64' is not one of s32, f32, f16"},
    {"illegal formats", "Mix", "GEMM --a a.npy --format-b bf16", "fp16 x bf16 -> f32 is not a combination"},
    {"illegal formats", "Acc", "GEMM --a a.npy --acc s32", "fp16 x fp16 -> s32 is not a combination"},
    {"illegal formats", "Bf16ToF16", "gemm --format bf16 --a a.npy --b b.npy --out d.npy --acc f16", "bf16 x bf16 -> f16 is not a combination"},
    {"illegal formats", "SaturatedFloat", "GEMM --a a.npy --saturate", "--saturate is for int8 and uint8, not for fp16"},
    {"illegal preset", "Unknown", "GEMM --a a.npy --preset maxwell", "--preset: 'maxwell' is not one of ampere, hopper, turing, volta"},
    {"illegal preset", "Format", "gemm --format e4m3 --a u.npy --b u.npy --out d.npy", "preset ampere has no e4m3; it has int8, uint8, fp16, bf16, tf32"},
    {"illegal preset", "FormatOfVolta", "gemm --format int8 --a i.npy --b j.npy --out d.npy --preset volta", "preset volta has no int8; it has fp16"},
    {"illegal mode", "SparseOnVolta", "GEMM --a p.npy --preset volta --sparse", "preset volta has no sparse support: --sparse"},
    {"illegal mode", "MetaOnTuring", "GEMM --a v.npy --meta e.npy --preset turing", "preset turing has no sparse support: --meta"},
    {"illegal mode", "PruneOnVolta", "GEMM --a a.npy --preset volta --prune", "preset volta has no sparse support: --prune"},
    {"illegal mode", "DenseAndSparse", "GEMM --a p.npy --dense --sparse", "--dense excludes --sparse"},
    {"illegal mode", "DenseAndMeta", "GEMM --a v.npy --meta e.npy --dense", "--dense does not go with --meta"},
    {"illegal mode", "PruneAndMeta", "GEMM --a v.npy --meta e.npy --prune", "--prune is for a dense A"},
    {"illegal mode", "Backend", "GEMM --a a.npy --backend gpu", "--backend: 'gpu' is neither rtl nor golden"},
    {"illegal mode", "Metadata", "GEMM --a a.npy --metadata all", "--metadata: 'all' is neither ordered nor any"},
    {"illegal mode", "Unit", "GEMM --a a.npy --unit gpu", "--unit: 'gpu' is neither engine nor core"},
    {"illegal mode", "LatencyOfCore", "GEMM --a a.npy --unit core --memory-latency 5", "--memory-latency does not go with --unit core"},
    {"illegal mode", "BandwidthOfCore", "GEMM --a a.npy --unit core --memory-bandwidth 5", "--memory-bandwidth does not go with --unit core"},
    {"illegal mode", "GoldenWave", "GEMM --a a.npy --backend golden --wave w.fst", "--wave needs --backend rtl"},
    {"illegal mode", "GoldenStall", "GEMM --a a.npy --backend golden --stall 0.5", "--stall needs --backend rtl"},
    {"illegal mode", "WaveName", "GEMM --a a.npy --wave w.png", "w.png: a waveform's name ends in .fst or .vcd"},
    {"probability out of range", "StallOne", "GEMM --a a.npy --stall 1", "--stall: 1 is not a probability"},
    {"probability out of range", "StallNegative", "GEMM --a a.npy --stall=-0.1", "--stall: -0.1 is not a probability"},
    {"probability out of range", "StallNaN", "GEMM --a a.npy --stall nan", "--stall: nan is not a probability"},
    {"probability out of range", "StallInf", "GEMM --a a.npy --stall inf", "--stall: inf is not a probability"},
    {"probability out of range", "StallWord", "GEMM --a a.npy --stall often", "--stall: 'often' is not a number"},
    {"number out of range", "SeedNegative", "GEMM --a a.npy --seed -1", "--seed: '-1' is not a number in range"},
    {"number out of range", "SeedTooLarge", "GEMM --a a.npy --seed 18446744073709551616", "--seed: '18446744073709551616' is not a number in range"},
    {"number out of range", "SeedFraction", "GEMM --a a.npy --seed 1.5", "--seed: '1.5' is not a number in range"},
    {"number out of range", "ElementOutside", "explain --format fp16 --a a.npy --b b.npy --element 4,0", "--element: 4,0 is outside D, which is 4 x 3"},
    {"number out of range", "ElementNegative", "explain --format fp16 --a a.npy --b b.npy --element 0,-1", "--element: 0,-1 is outside D"},
    {"number out of range", "ElementWord", "explain --format fp16 --a a.npy --b b.npy --element 3", "--element: '3' is not a row and a column"},
    {"number out of range", "ElementRest", "explain --format fp16 --a a.npy --b b.npy --element 3,1,1", "--element: '3,1,1' is not a row and a column"},
    {"number out of range", "EntryOutside", "explain --format fp16 --a a2.npy --b b.npy --element 0,0 --entry 2", "--entry: 2 is outside the batch of 2"},
    {"number out of range", "EntryWord", "explain --format fp16 --a a2.npy --b b.npy --element 0,0 --entry x", "--entry: 'x' is not a number"},
    {"unwritable output", "NoFolder", "gemm --format fp16 --a a.npy --b b.npy --out none/d.npy", "none/d.npy: cannot be written: No such file or directory"},
    {"unwritable output", "AFolder", "gemm --format fp16 --a a.npy --b b.npy --out folder", "folder: is a directory"},
    {"unwritable output", "FullDisk", "gemm --format fp16 --a a.npy --b b.npy --out /dev/full", "/dev/full: cannot be written: No space left on device"},
    {"unwritable output", "FullDiskReport", "GEMM --a a.npy --report /dev/full", "/dev/full: cannot be written: No space left on device"},
    {"unwritable output", "Report", "GEMM --a a.npy --report none/r.json", "none/r.json: cannot be written"},
    {"unwritable output", "Wave", "GEMM --a a.npy --wave none/w.fst", "none/w.fst: cannot be written"},
    {"unwritable output", "Prune", "prune --format fp16 --a a.npy --out none/d.npy", "none/d.npy: cannot be written"},
    {"unwritable output", "CompressMeta", "compress --format fp16 --a p.npy --values x.npy --meta /dev/full", "/dev/full: cannot be written: No space left"},
    {"unwritable output", "Expand", "expand --format fp16 --values v.npy --meta e.npy --out /dev/full", "/dev/full: cannot be written: No space left"},
    {"unwritable output", "TwoInOne", "compress --format fp16 --a p.npy --values x.npy --meta x.npy", "x.npy: is named for the values, too"},
    {"unwritable output", "ReportIsD", "GEMM --a a.npy --report d.npy", "d.npy: is named for D and for the report"},
    {"illegal mode", "ModelSparseOnVolta", "MODEL --m 8 --n 8 --k 8 --preset volta --sparse", "preset volta has no sparse support: --sparse"},
    {"illegal mode", "ModelDenseAndSparse", "MODEL --m 8 --n 8 --k 8 --dense --sparse", "--dense excludes --sparse"},
    {"illegal formats", "ModelAcc", "MODEL --m 8 --n 8 --k 8 --acc s32", "fp16 x fp16 -> s32 is not a combination"},
    {"illegal preset", "ModelFormat", "model --format e4m3 --m 8 --n 8 --k 8", "preset ampere has no e4m3"},
    {"K mismatch", "ModelGroups", "MODEL --m 8 --n 8 --k 6 --sparse", "K = 6 is not a multiple of 4"},
    {"number out of range", "LatencyZero", "GEMM --a a.npy --memory-latency 0", "--memory-latency: 0 is not from 1 to 10000"},
    {"number out of range", "LatencyLarge", "GEMM --a a.npy --memory-latency 10001", "--memory-latency: 10001 is not from 1 to 10000"},
    {"number out of range", "BandwidthZero", "GEMM --a a.npy --memory-bandwidth 0", "--memory-bandwidth: 0 is not from 1 to 64"},
    {"number out of range", "BandwidthLarge", "GEMM --a a.npy --memory-bandwidth 65", "--memory-bandwidth: 65 is not from 1 to 64"},
    {"number out of range", "ModelM", "MODEL --m 16777216 --n 8 --k 8", "--m: 16777216 is not from 0 to 16777215"},
    {"number out of range", "ModelK", "MODEL --m 8 --n 8 --k -4", "--k: -4 is not from 0 to 16777215"},
    {"number out of range", "ModelBatch", "MODEL --m 8 --n 8 --k 8 --batch 16777216", "--batch: 16777216 is not from"},
    {"number out of range", "ModelWord", "MODEL --m many --n 8 --k 8", "--m: 'many' is not a number"},
    {"number out of range", "ModelLatencyZero", "MODEL --m 8 --n 8 --k 8 --memory-latency 0", "--memory-latency: 0 is not from 1 to 10000"},
    {"number out of range", "ModelLatencyLarge", "MODEL --m 8 --n 8 --k 8 --memory-latency 10001", "--memory-latency: 10001 is not from 1 to 10000"},
    {"number out of range", "ModelBandwidthZero", "MODEL --m 8 --n 8 --k 8 --memory-bandwidth 0", "--memory-bandwidth: 0 is not from 1 to 64"},
    {"number out of range", "ModelBandwidthLarge", "MODEL --m 8 --n 8 --k 8 --memory-bandwidth 65", "--memory-bandwidth: 65 is not from 1 to 64"},
    {"number out of range", "ModelBandwidthOfSmall", "MODEL --m 8 --n 8 --k 8 --preset small --memory-bandwidth 17", "is not from 1 to 16"},
    {"GEMM too large", "Batch", "gemm --format fp16 --a many.npy --b nothing.npy --out d.npy", "the batch size is 16777216, but the engine's largest is 16777215"},
    {"GEMM too large", "AddressSpace", "MODEL --m 16777215 --n 16777215 --k 16777215 --batch 16777215", "does not fit 64-bit addresses"},
    {"GEMM too large", "Cycles", "MODEL --m 16777215 --n 16777215 --k 16777215", "too many products"},
    {"broken table", "Missing", "MODEL --layers none.csv", "none.csv: No such file or directory"},
    {"broken table", "Folder", "MODEL --layers folder", "folder: is a directory"},
    {"broken table", "Empty", "MODEL --layers empty.npy", "empty.npy: has no layers"},
    {"broken table", "HeadingOnly", "MODEL --layers heading.csv", "heading.csv: has no layers"},
    {"broken table", "Fields", "MODEL --layers fields.csv", "fields.csv: line 3: 3 fields, but a row has four"},
    {"broken table", "Number", "MODEL --layers number.csv", "number.csv: line 2: K = '6x' is not a number from 0 to 16777215"},
    {"broken table", "Negative", "MODEL --layers minus.csv", "minus.csv: line 1: M = '-1' is not a number"},
    {"broken table", "Large", "MODEL --layers large.csv", "large.csv: line 1: N = '16777216' is not a number"},
    {"broken table", "NoName", "MODEL --layers noname.csv", "noname.csv: line 1: the name is empty"},
    {"broken table", "Escape", "MODEL --layers escape.csv", "escape.csv: line 1: a backslash"},
    {"broken table", "SecondHeading", "MODEL --layers heading2.csv", "heading2.csv: line 2: M = 'M' is not a number"},
    {"broken table", "Groups", "MODEL --sparse --layers groups.csv", "groups.csv: line 2: K = 6 is not a multiple of 4"},
    {"broken table", "Binary", "MODEL --layers a.npy", "a.npy: line 1: "},
    {"wrong usage", "ModelNoSize", "MODEL --m 8 --n 8", "--k is required, or --layers"},
    {"wrong usage", "ModelSizeAndLayers", "MODEL --layers groups.csv --n 5", "--n does not go with --layers"},
    {"wrong usage", "ModelBatchAndLayers", "MODEL --layers groups.csv --batch 5", "--batch does not go with --layers"},
    {"unwritable output", "ModelReport", "MODEL --m 8 --n 8 --k 8 --report none/r.json", "none/r.json: cannot be written"},
    {"wrong usage", "NoVerb", "", "a verb is required"},
    {"wrong usage", "UnknownVerb", "multiply", "a verb is required"},
    {"wrong usage", "UnknownFlag", "GEMM --a a.npy --fast", "--fast"},
    {"wrong usage", "NoFormat", "gemm --a a.npy --b b.npy --out d.npy", "--format is required"},
    {"wrong usage", "NoOut", "gemm --format fp16 --a a.npy --b b.npy", "--out is required"},
    {"wrong usage", "NoElement", "explain --format fp16 --a a.npy --b b.npy", "--element is required"},
    {"wrong usage", "NoValue", "GEMM --a a.npy --preset", "--preset"},
    {"wrong usage", "RegressNoSuchTest", "regress --filter no.such.test", "no test of this build has such a name"},
    {"wrong usage", "RegressNoSuchPreset", "regress --preset pascal", "there is no preset 'pascal'"},
    {"wrong usage", "RegressNoSeeds", "regress --seeds 0", "--seeds: at least one"},
    {"wrong usage", "RegressNoTime", "regress --time -1", "--time: -1 is not a number of minutes"},
    {"wrong usage", "RegressTimeIsNan", "regress --time nan", "--time"},
    {"wrong usage", "RegressTwoKindsOfRest", "regress --failed --resume", "--failed does not go with --resume"},
    {"wrong usage", "RegressFailedTime", "regress --failed --time 5", "--failed does not go with --time"},
    {"wrong usage", "RegressFailedFilter", "regress --failed --filter tiny", "--failed does not go with --filter"},
    {"wrong usage", "RegressFailedCoverage", "regress --failed --coverage", "--failed does not go with --coverage"},
    {"wrong usage", "RegressResumeSeed", "regress --seed 5 --resume", "--resume does not go with --seed"},
    {"wrong usage", "RegressResumeSeeds", "regress --seeds 5 --resume", "--resume does not go with --seeds"},
    {"wrong usage", "RegressResumePreset", "regress --preset tiny --resume", "--resume does not go with --preset"},
    {"missing file", "RegressNothingToGoOnFrom", "regress --failed", "last.json: there is no regression to go on from"},
    {"missing file", "RegressNothingToResume", "regress --resume", "last.json: there is no regression to go on from"},
    {"missing file", "RegressReportNowhere", "regress --filter core.tiny --junit none/x.xml", "none/x.xml"},
    {"missing file", "NoOtherRtl", "GEMM --a a.npy --rtl none", "--rtl none: No such file"},
    {"missing file", "OtherRtlWithoutRtl", "regress --rtl folder", "--rtl folder: there is no spmma.f in it"},
    {"wrong usage", "OtherRtlOfTheGoldenModel", "GEMM --a a.npy --backend golden --rtl folder", "--rtl needs --backend rtl"},
    {"wrong usage", "Twice", "GEMM --a a.npy --a a.npy", "--a"},
    // clang-format on
};

class BadInputTest : public CommandTest, public ::testing::WithParamInterface<BadInput> {
 protected:
  /// A version 1.0 file around any dictionary.
  static std::string npy(const std::string& dict, std::size_t data_bytes, char version = 1) {
    std::string text = "\x93NUMPY";
    text += {version, '\0', static_cast<char>(dict.size()), '\0'};
    return text + dict + std::string(data_bytes, '\0');
  }
  static std::string dict(const std::string& descr, const std::string& shape) {
    return fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': {}, }}\n", descr, shape);
  }

  /// 2:4 but for group 1 of row 2 where `dense`.
  static Tensor operand(bool dense) {
    Tensor a(4, 8, 2);
    for (int r = 0; r < 4; ++r) {
      for (const int c : {0, 3, 5, 6}) a.set(0, r, c, 0x3C00);
    }
    if (dense) a.set(0, 2, 4, 0x3C00);
    return a;
  }
  static Tensor batch(const std::vector<Tensor>& entries) {
    Tensor all(entries[0].rows, entries[0].cols, entries[0].elem_bytes, static_cast<std::int64_t>(entries.size()),
               true);
    auto at = all.data.begin();
    for (const Tensor& t : entries) at = std::copy(t.data.begin(), t.data.end(), at);
    return all;
  }

  void SetUp() override {
    const Tensor a = operand(true), p = operand(false);
    write("a.npy", a, Dtype::f2);
    write("p.npy", p, Dtype::f2);
    write("a2.npy", batch({p, a}), Dtype::f2);
    write("a6.npy", Tensor(4, 6, 2), Dtype::f2);
    write("b.npy", Tensor(8, 3, 2), Dtype::f2);
    write("b3.npy", Tensor(8, 3, 2, 3, true), Dtype::f2);
    write("b6.npy", Tensor(6, 3, 2), Dtype::f2);
    write("b7.npy", Tensor(7, 3, 2), Dtype::f2);
    write("c.npy", Tensor(4, 3, 4), Dtype::f4);
    write("c43.npy", Tensor(3, 4, 4), Dtype::f4);
    write("i.npy", Tensor(4, 8, 1), Dtype::i1);
    write("j.npy", Tensor(8, 3, 1), Dtype::i1);
    write("u.npy", Tensor(4, 8, 1), Dtype::u1);

    const Compressed parts = compress(Format::fp16, p);
    Tensor any = parts.metadata, bits = parts.metadata;
    any.set(0, 2, 1, 0x1);
    bits.set(0, 1, 0, 0x14);
    write("v.npy", parts.values, Dtype::f2);
    write("v2.npy", batch({parts.values, parts.values}), Dtype::f2);
    write("e.npy", parts.metadata, Dtype::u1);
    write("e1.npy", Tensor(4, 1, 1), Dtype::u1);
    write("e3.npy", Tensor(3, 2, 1), Dtype::u1);
    write("e3b.npy", batch({parts.metadata, parts.metadata, parts.metadata}), Dtype::u1);
    write("e_any.npy", any, Dtype::u1);
    write("e_any2.npy", batch({parts.metadata, any}), Dtype::u1);
    write("e_bits.npy", bits, Dtype::u1);
    write("many.npy", Tensor(1, 0, 2, 1 << 24, true), Dtype::f2);
    write("nothing.npy", Tensor(0, 1, 2), Dtype::f2);
    write("t.npy", matrix(4, {{0x3F800000, 0x1FFF, 0x3F800000, 0x2000}}), Dtype::f4);
    write("tv.npy", Tensor(1, 2, 4), Dtype::f4);
    write("te.npy", matrix(1, {{0x4, 0x9}}), Dtype::u1);
    write("tb.npy", Tensor(4, 3, 4), Dtype::f4);
    write("tall.npy", Tensor(std::int64_t{1} << 30, 0, 2), Dtype::f2);
    write("wide.npy", Tensor(0, std::int64_t{1} << 30, 2), Dtype::f2);

    write("heading.csv", "name,M,N,K\n");
    write("heading2.csv", "name,M,N,K\nname,M,N,K\n");
    write("fields.csv", "name,M,N,K\nx,8,8,8\ny,8,8\n");
    write("number.csv", "x,8,8,8\ny,8,8,6x\n");
    write("minus.csv", "x,-1,8,8\n");
    write("large.csv", "x,8,16777216,8\n");
    write("noname.csv", ",8,8,8\n");
    write("escape.csv", "a\\b,8,8,8\n");
    write("groups.csv", "x,8,8,8\ny,8,8,6\n");

    const std::string whole = contents("a.npy");
    write("cut.npy", whole.substr(0, whole.size() - 1));
    write("cut_header.npy", whole.substr(0, 40));
    write("cut_magic.npy", whole.substr(0, 4));
    write("empty.npy", "");
    write("text.npy", "1 2 3\n4 5 6\n");
    write("extra.npy", whole + "x");
    write("version3.npy", npy(dict("'<f2'", "(4, 8)"), 64, 3));
    write("garbage.npy", npy("{'descr': '<f2', 'fortran", 64));
    write("promise.npy", npy(dict("'<f2'", "(1024, 1024)"), 64));
    write("memory.npy", npy(dict("'<f2'", "(1099511627776, 1048576)"), 64));
    write("overflow.npy", npy(dict("'<f2'", "(4611686018427387904, 4611686018427387904)"), 64));
    write("overflow2.npy", npy(dict("'<f2'", "(18446744073709551616, 8)"), 64));
    write("negative.npy", npy(dict("'<f2'", "(-4, 8)"), 64));
    write("f8.npy", npy(dict("'<f8'", "(4, 8)"), 256));
    write("big_endian.npy", npy(dict("'>f2'", "(4, 8)"), 64));
    write("structured.npy", npy(dict("[('x', '<f2')]", "(4, 8)"), 64));
    write("rank1.npy", npy(dict("'<f2'", "(32,)"), 64));
    write("rank4.npy", npy(dict("'<f2'", "(1, 1, 4, 8)"), 64));
    ASSERT_EQ(::mkdir(path("folder").c_str(), 0700), 0);
  }
};

TEST_P(BadInputTest, IsRefused) {
  // What finds its disk full has simulated first.
  if (std::string(GetParam().complaint).find("No space left") != std::string::npos) SPMMA_NEEDS_PRESET("ampere");
  std::string arguments = GetParam().arguments;
  if (arguments.starts_with("GEMM")) {
    arguments.replace(0, 4, "gemm --format fp16 --b b.npy --out d.npy");
  } else if (arguments.starts_with("MODEL")) {
    arguments.replace(0, 5, "model --format fp16");
  }
  const auto before = listing();
  const Outcome outcome = run(arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find(GetParam().complaint), std::string::npos) << outcome.err;
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  EXPECT_TRUE(outcome.err.starts_with("spmma: ") && outcome.err.ends_with("\n")) << outcome.err;
  EXPECT_EQ(listing(), before);
}

std::string test_name(const ::testing::TestParamInfo<BadInput>& info) {
  std::string name;
  bool upper = true;
  for (const char c : std::string(info.param.kind)) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (letter) name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = !letter;
  }
  return name + "_" + info.param.name;
}
INSTANTIATE_TEST_SUITE_P(All, BadInputTest, ::testing::ValuesIn(kBadInputs), test_name);

}  // namespace
}  // namespace spmma::test
