// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

namespace spmma::verif {
namespace {

/// Tests of one unit on one preset.
struct Row {
  std::string name;
  std::int64_t tests = 0, runs = 0, failures = 0, cycles = 0, dot_products = 0;
  double seconds = 0;
};

std::vector<Row> rows(const RegressResult& result) {
  std::vector<Row> all;
  for (const TestOutcome& o : result.outcomes) {
    const std::string name = o.test->name.substr(0, o.test->name.find('.', o.test->name.find('.') + 1));
    auto found = std::ranges::find(all, name, &Row::name);
    if (found == all.end()) found = all.insert(all.end(), {.name = name});
    Row& row = *found;
    ++row.tests;
    row.runs += o.runs;
    row.failures += o.failures;
    row.cycles += o.cycles;
    row.dot_products += o.dot_products;
    row.seconds += o.seconds;
  }
  return all;
}

std::string verdict(const RegressResult& result) {
  const char* word = result.passed()                                      ? "PASSED"
                     : result.failed.empty() && result.complaints.empty() ? "NOT DONE"
                                                                          : "FAILED";
  return fmt::format(
      "{}: {} of {} runs failed in {} group{}, {:.0f} s{}{}", word, result.failed.size(), result.runs,
      result.groups.size(), result.groups.size() == 1 ? "" : "s", result.seconds,
      result.interrupted ? ", interrupted" : "",
      result.complaints.empty() ? "" : fmt::format("; {} of coverage or plan", result.complaints.size()));
}

std::string failure_text(const FailureGroup& group, const std::string& rtl) {
  const Failure& shown = group.smallest_failure ? *group.smallest_failure : group.failure;
  std::string text;
  // Smaller operands may well end in another bit, or earlier.
  if (shown.group != group.group) text += fmt::format("of the smallest case: {}\n", shown.group);
  text += shown.message;
  if (!text.ends_with('\n')) text += '\n';
  if (group.smallest_failure) text += "smallest case found: " + group.smallest->describe();
  if (!group.wave.empty()) {
    text += fmt::format("wave of the {}: gtkwave {}.gtkw\n",
                        group.wave_of_smallest ? "smallest case" : "case as it was drawn",
                        group.wave.substr(0, group.wave.rfind('.')));
  }
  text += fmt::format("again: {}\nwave:  {}\n", reproduce_command(group.failures.front(), rtl),
                      wave_command(group.failures.front(), rtl));
  return text;
}

std::string saved(const pugi::xml_document& doc, unsigned flags) {
  std::ostringstream out;
  doc.save(out, "  ", flags);
  return out.str();
}

pugi::xml_node child(pugi::xml_node parent, const char* name, const std::string& text = {}) {
  pugi::xml_node node = parent.append_child(name);
  if (!text.empty()) node.text().set(text.c_str());
  return node;
}

void table(pugi::xml_node body, const std::vector<std::string>& heads,
           const std::vector<std::vector<std::string>>& cells) {
  pugi::xml_node table = body.append_child("table");
  pugi::xml_node head = table.append_child("tr");
  for (const std::string& h : heads) child(head, "th", h);
  for (const auto& row : cells) {
    pugi::xml_node tr = table.append_child("tr");
    for (const std::string& cell : row) child(tr, "td", cell);
  }
}

constexpr const char* kStyle =
    "body{font:15px/1.45 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em;border-bottom:1px solid #ddd;text-align:right}"
    "td:first-child,th:first-child{text-align:left}pre{background:#f5f5f5;padding:.8em;overflow-x:auto}"
    ".good{color:#176f2c}.bad{color:#a3161b}svg{max-width:100%;height:auto}";

}  // namespace

std::string text_report(const RegressResult& result) {
  std::string text = fmt::format("{:<18} {:>6} {:>8} {:>8} {:>14} {:>16} {:>10}\n", "", "tests", "runs", "failed",
                                 "cycles", "dot products", "CPU s");
  for (const Row& r : rows(result)) {
    text += fmt::format("{:<18} {:>6} {:>8} {:>8} {:>14} {:>16} {:>10.1f}\n", r.name, r.tests, r.runs, r.failures,
                        r.cycles, r.dot_products, r.seconds);
  }
  text += "dot products by formats:";
  for (const auto& [family, count] : result.dot_products_by_family()) text += fmt::format(" {} {}", family, count);
  text += "\n";
  for (const FailureGroup& g : result.groups) {
    text +=
        fmt::format("\n{} failure{}: {}\n{}", g.count, g.count == 1 ? "" : "s", g.group, failure_text(g, result.rtl));
  }
  if (!result.groups.empty()) text += "\n";
  for (const std::string& complaint : result.complaints) text += complaint + "\n";
  return text + verdict(result) + "\n";
}

std::string junit_report(const RegressResult& result) {
  pugi::xml_document doc;
  const auto add_node = [](pugi::xml_node parent, const char* kind) {
    pugi::xml_node node = parent.append_child(kind);
    for (const char* count : {"tests", "failures", "skipped"}) node.append_attribute(count) = 0;
    return node;
  };
  const auto add_one = [](pugi::xml_node node, const char* count) {
    node.attribute(count) = node.attribute(count).as_llong() + 1;
  };
  pugi::xml_node suites = add_node(doc, "testsuites");
  suites.append_attribute("time") = result.seconds;
  if (result.interrupted || !result.complaints.empty()) {  // what belongs to none of the tests
    pugi::xml_node suite = add_node(suites, "testsuite");
    suite.append_attribute("name") = "regression";
    pugi::xml_node test = suite.append_child("testcase");
    test.append_attribute("classname") = "regression";
    test.append_attribute("name") = "whole";
    for (const pugi::xml_node node : {suites, suite}) {
      add_one(node, "tests");
      add_one(node, "failures");
    }
    if (result.interrupted) test.append_child("failure").append_attribute("message") = "interrupted";
    for (const std::string& complaint : result.complaints)
      test.append_child("failure").append_attribute("message") = complaint.c_str();
  }
  for (const TestOutcome& o : result.outcomes) {
    const std::string name = o.test->name.substr(0, o.test->name.rfind('.'));
    pugi::xml_node suite = suites.find_child_by_attribute("testsuite", "name", name.c_str());
    if (!suite) {
      suite = add_node(suites, "testsuite");
      suite.append_attribute("name") = name.c_str();
    }
    pugi::xml_node test = suite.append_child("testcase");
    test.append_attribute("classname") = name.c_str();
    test.append_attribute("name") = o.test->name.substr(o.test->name.rfind('.') + 1).c_str();
    test.append_attribute("time") = o.seconds;
    for (const pugi::xml_node node : {suites, suite}) {
      add_one(node, "tests");
      if (o.runs == 0) add_one(node, "skipped");
      if (o.failures > 0) add_one(node, "failures");  // a failing test, however many of its runs fail
    }
    if (o.runs == 0) test.append_child("skipped");
    if (o.failures == 0) continue;
    for (const FailedRun& f : result.failed) {
      if (f.run.first != o.test || f.failure.message.empty()) continue;
      pugi::xml_node node = test.append_child("failure");
      node.append_attribute("message") = f.failure.group.c_str();
      node.text().set(fmt::format("{}\nagain: {}\n", f.failure.message, reproduce_command(f.run, result.rtl)).c_str());
    }
    test.append_child("system-out").text().set(fmt::format("{} of {} runs failed", o.failures, o.runs).c_str());
  }
  return saved(doc, pugi::format_default);
}

std::string html_report(const RegressResult& result, const HtmlExtras& extras) {
  pugi::xml_document doc;
  doc.append_child(pugi::node_doctype).set_value("html");
  pugi::xml_node html = doc.append_child("html");
  html.append_attribute("lang") = "en";
  pugi::xml_node head = html.append_child("head");
  head.append_child("meta").append_attribute("charset") = "utf-8";
  child(head, "title", extras.title);
  child(head, "style", kStyle);
  pugi::xml_node body = html.append_child("body");
  child(body, "h1", extras.title);
  child(body, "p", verdict(result)).append_attribute("class") = result.passed() ? "good" : "bad";
  for (const std::string& complaint : result.complaints) child(body, "p", complaint).append_attribute("class") = "bad";

  std::vector<std::vector<std::string>> cells;
  for (const Row& r : rows(result)) {
    cells.push_back({r.name, std::to_string(r.tests), std::to_string(r.runs), std::to_string(r.failures),
                     std::to_string(r.cycles), std::to_string(r.dot_products), fmt::format("{:.1f}", r.seconds)});
  }
  table(body, {"unit and preset", "tests", "runs", "failed", "cycles", "dot products", "CPU s"}, cells);
  cells.clear();
  for (const auto& [family, count] : result.dot_products_by_family()) cells.push_back({family, std::to_string(count)});
  table(body, {"formats", "dot products compared"}, cells);

  if (!result.groups.empty()) child(body, "h2", "Failures");
  for (const FailureGroup& g : result.groups) {
    child(body, "h3", fmt::format("{} ({})", g.group, g.count)).append_attribute("class") = "bad";
    child(body, "pre", failure_text(g, result.rtl));
    if (!g.picture.empty())
      body.append_buffer(g.picture.data(), g.picture.size(), pugi::parse_default & ~pugi::parse_doctype);
    pugi::xml_node details = body.append_child("details");
    child(details, "summary", "seeds");
    std::string list;
    for (const TestSeed& failure : g.failures) list += reproduce_command(failure, result.rtl) + "\n";
    child(details, "pre", list);
  }
  for (const std::string& section : extras.sections) body.append_buffer(section.data(), section.size());

  child(body, "h2", "Tests");
  cells.clear();
  for (const TestOutcome& o : result.outcomes) {
    cells.push_back({o.test->name, std::to_string(o.runs), std::to_string(o.failures), std::to_string(o.dot_products)});
  }
  table(body, {"test", "runs", "failed", "dot products"}, cells);
  return saved(doc, pugi::format_raw | pugi::format_no_declaration | pugi::format_no_empty_element_tags);
}

}  // namespace spmma::verif
