#include "cli/arguments.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <sstream>
#include <utility>

#include "base/nearest.h"
#include "cli/help_texts.h"
#include "cli/text.h"
#include "gateway/version.h"

// CLI11 takes seconds to compile: only this file includes it.
namespace prism::cli {
namespace {

using std::chrono::milliseconds;

CLI::Validator DurationText() {
  const auto check = [](std::string& text) {
    return ParseDuration(text) ? std::string()
                               : "'" + text + "' is no duration; try 500ms, 10s or 5m";
  };
  return CLI::Validator(check, "", "duration");
}

CLI::Option* AddDuration(CLI::App& app, const std::string& name, milliseconds& out,
                         const std::string& help) {
  const auto read = [&out](const std::string& text) {
    const std::optional<milliseconds> duration = ParseDuration(text);
    if (duration) out = *duration;
    return duration.has_value();
  };
  return app
      .add_option_function<std::string>(
          name, [read](const std::string& text) { read(text); }, help)
      ->check(DurationText())
      ->type_name("DURATION");
}

// CLI11's own way with an optional takes "" for nothing; here it is an empty value.
CLI::Option* AddText(CLI::App& app, const std::string& name, std::optional<std::string>& out,
                     const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [&out](const std::string& text) { out = text; }, help)
      ->type_name("VALUE");
}

void AddFormat(CLI::App& app, Format& format) {
  app.add_option_function<std::string>(
         "-o,--output",
         [&format](const std::string& name) {
           format = name == "json" ? Format::kJson : Format::kText;
         },
         "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
}

void AddTls(CLI::App& app, TargetOptions& target) {
  app.add_flag("--tls", target.tls, "use TLS and trust the system's authorities");
  app.add_option("--tls-ca", target.tls_ca, "use TLS and trust these authorities (PEM)")
      ->type_name("FILE");
  auto* certificate = app.add_option("--tls-cert", target.tls_certificate,
                                     "use TLS and show this certificate (PEM)")
                          ->type_name("FILE");
  auto* key =
      app.add_option("--tls-key", target.tls_key, "its private key (PEM)")->type_name("FILE");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option("--tls-server-name", target.tls_server_name,
                 "use TLS and expect this name in the gateway's certificate")
      ->type_name("NAME");
}

void AddTarget(CLI::App& app, TargetOptions& target) {
  app.add_option("--target", target.target, "gateway to call: host:port or unix:/path")
      ->envname("PRISM_TARGET")
      ->capture_default_str()
      ->type_name("ADDRESS");
  app.add_option("-n,--namespace", target.name_space, "namespace to work in")
      ->envname("PRISM_NAMESPACE")
      ->type_name("NAME");
  AddDuration(app, "--timeout", target.timeout, "give up after this time (10s)");
  AddTls(app, target);
}

// The parser and what it fills in.
class Grammar {
 public:
  Grammar() {
    app_.name("prism");
    app_.require_subcommand(1);
    app_.footer(kTopExamples);
    app_.set_version_flag("--version", "prism " + std::string(kVersion));
    AddServe();
    AddKv();
    AddStatus();
    AddRegistry();
    AddValidate();
    AddGenerate();
    AddConformance();
  }

  Arguments Parse(std::vector<std::string> words) {
    const std::vector<std::string> as_written = words;
    std::reverse(words.begin(), words.end());  // the order that CLI11 wants
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
      return Explain(error, as_written);
    }
    Arguments arguments;
    if (serve_->parsed()) arguments.command = serve_options_;
    if (kv_->parsed()) arguments.command = kv_options_;
    if (status_->parsed()) arguments.command = status_options_;
    if (registry_->parsed()) arguments.command = registry_options_;
    if (validate_->parsed()) arguments.command = validate_options_;
    if (generate_->parsed()) arguments.command = generate_options_;
    if (conformance_->parsed()) arguments.command = conformance_options_;
    return arguments;
  }

 private:
  void AddServe() {
    serve_ = app_.add_subcommand("serve", "Run the gateway");
    serve_->footer(kServeExamples);
    serve_->add_option("-c,--config", serve_options_.config_path, "configuration file (YAML)")
        ->envname("PRISM_CONFIG")
        ->required()
        ->type_name("FILE");
  }

  CLI::App* AddVerb(const std::string& name, KvVerb verb, const std::string& help) {
    CLI::App* app = kv_->add_subcommand(name, help);
    app->fallthrough();  // options of kv may follow the verb
    app->footer("Where to call, as whom, and the output's form: see 'prism kv --help'.");
    app->parse_complete_callback([this, verb] { kv_options_.verb = verb; });
    return app;
  }

  CLI::App* AddKeyVerb(const std::string& name, KvVerb verb, const std::string& help) {
    CLI::App* app = AddVerb(name, verb, help);
    app->add_option("key", kv_options_.key, "key, 1 to 4096 bytes")->required();
    return app;
  }

  void AddKv() {
    kv_ = app_.add_subcommand("kv", "Read and write keys of a namespace");
    kv_->require_subcommand(1);
    kv_->footer(kKvExamples);
    AddTarget(*kv_, kv_options_.target);
    AddFormat(*kv_, kv_options_.format);
    CLI::App* set = AddKeyVerb("set", KvVerb::kSet, "Store a value");
    AddText(*set, "value", kv_options_.value, "the value, @FILE, or - for stdin")->required();
    AddKeyVerb("get", KvVerb::kGet, "Print the value of a key");
    AddKeyVerb("delete", KvVerb::kDelete, "Remove a key");
    AddKeyVerb("exists", KvVerb::kExists, "Tell whether a key exists");
    AddKeyVerb("ttl", KvVerb::kTtl, "Tell how long a key has to live");
    AddKeyVerb("persist", KvVerb::kPersist, "Let a key live until it is deleted");
    AddDuration(*AddKeyVerb("expire", KvVerb::kExpire, "Let a key vanish after a time"), "ttl",
                kv_options_.ttl, "time to live: 500ms, 10s, 5m, 2h, 7d")
        ->required();
    AddScanVerbs();
    AddCas();
  }

  void AddScanVerbs() {
    constexpr char kPrefixHelp[] = "only keys that begin so; all without it";
    CLI::App* scan = AddVerb("scan", KvVerb::kScan, "Print keys and their values, in order");
    scan->add_option("prefix", kv_options_.key, kPrefixHelp);
    scan->add_option("--limit", kv_options_.limit, "at most so many; 0: all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str()
        ->type_name("ROWS");
    scan->add_flag("--keys", kv_options_.keys_only, "without the values");
    AddVerb("count", KvVerb::kCount, "Count keys")
        ->add_option("prefix", kv_options_.key, kPrefixHelp);
  }

  void AddCas() {
    CLI::App* cas =
        AddKeyVerb("cas", KvVerb::kCas, "Store or delete only if the key holds what is expected");
    auto* value = AddText(*cas, "value", kv_options_.value, "the new value, @FILE, or -");
    auto* expect = AddText(*cas, "--expect", kv_options_.expected, "current value, @FILE, or -");
    auto* absent = cas->add_flag("--absent", expect_absent_, "expect that the key is absent")
                       ->excludes(expect);
    auto* remove = cas->add_flag("--delete", kv_options_.remove, "delete instead of storing")
                       ->excludes(value)
                       ->excludes(absent);
    cas->footer(
        "Examples:\n"
        "  prism kv cas lock me --absent        store if nobody has\n"
        "  prism kv cas n 2 --expect 1          store 2 if it is 1\n"
        "  prism kv cas lock --delete --expect me");
    cas->final_callback([value, expect, absent, remove] {
      if (expect->empty() && absent->empty()) {
        throw CLI::RequiredError("--expect VALUE or --absent");
      }
      if (value->empty() && remove->empty()) throw CLI::RequiredError("a new value or --delete");
    });
  }

  void AddStatus() {
    status_ = app_.add_subcommand("status", "Show what a gateway is doing");
    status_->footer(kStatusExamples);
    status_->add_option("--admin", status_options_.admin, "admin port of the gateway: host:port")
        ->envname("PRISM_ADMIN")
        ->capture_default_str()
        ->type_name("ADDRESS");
    AddDuration(*status_, "--timeout", status_options_.timeout, "give up after this time (5s)");
    AddFormat(*status_, status_options_.format);
  }

  CLI::App* AddRegistryVerb(CLI::App& kind, const std::string& name, RegistryVerb verb,
                            const std::string& help) {
    CLI::App* app = kind.add_subcommand(name, help);
    app->fallthrough();
    app->parse_complete_callback([this, verb] { registry_options_.verb = verb; });
    return app;
  }

  // One of interfaces, backends and patterns, with its verbs list and describe.
  CLI::App* AddKind(const std::string& name, RegistryVerb list, RegistryVerb describe) {
    CLI::App* kind = registry_->add_subcommand(name, "The " + name + " of this program");
    kind->require_subcommand(1);
    kind->fallthrough();
    AddRegistryVerb(*kind, "list", list, "All of them");
    AddRegistryVerb(*kind, "describe", describe, "One of them at length")
        ->add_option("name", registry_options_.name, "which one")
        ->required();
    return kind;
  }

  void AddRegistry() {
    registry_ = app_.add_subcommand("registry", "Show interfaces, backends and patterns");
    registry_->require_subcommand(1);
    registry_->footer(kRegistryExamples);
    AddFormat(*registry_, registry_options_.format);
    AddKind("interfaces", RegistryVerb::kListInterfaces, RegistryVerb::kDescribeInterface);
    CLI::App* backends =
        AddKind("backends", RegistryVerb::kListBackends, RegistryVerb::kDescribeBackend);
    AddRegistryVerb(*backends, "find", RegistryVerb::kFindBackends, "Those that can do something")
        ->add_option("--interface", registry_options_.interfaces,
                     "an interface they implement; given several times, all of them")
        ->required()
        ->type_name("NAME");
    AddKind("patterns", RegistryVerb::kListPatterns, RegistryVerb::kDescribePattern);
  }

  void AddValidate() {
    validate_ = app_.add_subcommand("validate", "Check a configuration, slot by slot");
    validate_->footer(kValidateExamples);
    validate_->add_option("file", validate_options_.file, "the configuration (YAML)")
        ->required()
        ->type_name("FILE");
    AddFormat(*validate_, validate_options_.format);
  }

  void AddGenerate() {
    generate_ = app_.add_subcommand("generate", "Write files for you");
    generate_->require_subcommand(1);
    generate_->footer(kGenerateExamples);
    CLI::App* config = generate_->add_subcommand("config", "Print a configuration for a pattern");
    config->footer(kGenerateExamples);
    config->add_option("--pattern", generate_options_.pattern, "the pattern")
        ->required()
        ->type_name("NAME");
    config->add_option("--slot", generate_options_.slots, "a slot and the backend in it")
        ->required()
        ->type_name("SLOT:BACKEND");
    config->add_option("--namespace", generate_options_.name_space,
                       "name of the namespace (the pattern's)");
  }

  // Nothing comes from the environment: the suites write, so where to is always said here.
  void AddConformance() {
    ConformanceOptions& options = conformance_options_;
    options.target.target.clear();
    conformance_ = app_.add_subcommand("conformance", "Test backends against their contracts");
    conformance_->footer(kConformanceExamples);
    auto* config = conformance_->add_option("-c,--config", options.config,
                                            "test the backends of this configuration (YAML)");
    config->type_name("FILE");
    conformance_->add_option("--target", options.target.target, "test a gateway that is running")
        ->excludes(config)
        ->type_name("ADDRESS");
    conformance_->add_option("-n,--namespace", options.target.name_space, "namespace to test")
        ->type_name("NAME");
    conformance_
        ->add_option("--other-namespace", options.other_namespace,
                     "a second one, whose data must never meet those of the first")
        ->type_name("NAME");
    conformance_
        ->add_option("--interface", options.interfaces,
                     "only these, '*' and '?' stand for others; may be repeated")
        ->type_name("PATTERN");
    conformance_->add_option("--case", options.cases, "only these cases; may be repeated")
        ->type_name("PATTERN");
    conformance_->add_option("--jobs", options.jobs, "cases at a time")
        ->check(CLI::Range(1, 64))
        ->capture_default_str()
        ->type_name("N");
    AddDuration(*conformance_, "--case-timeout", options.case_timeout,
                "a case that takes longer has failed (30s)");
    AddReport();
    AddTls(*conformance_, options.target);
  }

  void AddReport() {
    ConformanceOptions& options = conformance_options_;
    const auto set = [&options](const std::string& name) {
      options.format = name == "json"    ? ReportFormat::kJson
                       : name == "junit" ? ReportFormat::kJunit
                                         : ReportFormat::kTable;
    };
    conformance_->add_option_function<std::string>("-o,--output", set, "table, json or junit")
        ->check(CLI::IsMember({"table", "json", "junit"}))
        ->type_name("FORMAT");
    conformance_->add_option("--output-file", options.output_file, "write the report there")
        ->type_name("FILE");
    conformance_->add_flag("--list", options.list, "only show the cases and what they prove");
  }

  Arguments Explain(const CLI::ParseError& error, const std::vector<std::string>& words) {
    Arguments arguments;
    if (error.get_exit_code() == 0) {
      std::ostringstream out;
      app_.exit(error, out, out);
      arguments.out = out.str();
      return arguments;
    }
    std::string place = "prism";
    std::string text = Suggest(words, place);
    if (text.empty()) text = error.what();
    if (text == "A subcommand is required") text = "a command is missing";
    arguments.err = "prism: " + Escape(text, Escaping::kLines) + "\nSee '" + place + " --help'.\n";
    arguments.exit_code = kExitUsage;
    return arguments;
  }

  // Looks for a word that is no command or option, which CLI11 reports less plainly. `place`
  // becomes the deepest command that was named.
  std::string Suggest(const std::vector<std::string>& words, std::string& place) {
    CLI::App* app = &app_;
    for (size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
      const std::string& word = words[i];
      if (word.size() > 1 && word[0] == '-') {
        const std::string name = word.substr(0, word.find('='));
        const CLI::Option* option = FindOption(app, name);
        if (!option && name.starts_with("--")) return Unknown("option", name, OptionNames(app));
        if (option && name == word && option->get_items_expected_min() > 0) ++i;
        continue;
      }
      const auto commands = app->get_subcommands([](const CLI::App*) { return true; });
      if (commands.empty()) continue;
      const auto next = std::find_if(commands.begin(), commands.end(), [&](const CLI::App* each) {
        return each->get_name() == word;
      });
      if (next == commands.end()) return Unknown("command", word, NamesOf(commands));
      app = *next;
      place += " " + word;
    }
    return "";
  }

  static std::string Unknown(const std::string& what, const std::string& word,
                             const std::vector<std::string>& known) {
    const std::string nearest = Nearest(word, known);
    return "unknown " + what + " '" + word + "'" +
           (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
  }

  static std::vector<std::string> NamesOf(const std::vector<CLI::App*>& apps) {
    std::vector<std::string> names;
    for (const CLI::App* app : apps) names.push_back(app->get_name());
    return names;
  }

  static const CLI::Option* FindOption(const CLI::App* app, const std::string& name) {
    for (; app; app = app->get_parent()) {
      if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
    }
    return nullptr;
  }

  static std::vector<std::string> OptionNames(const CLI::App* app) {
    std::vector<std::string> names;
    for (; app; app = app->get_parent()) {
      for (const CLI::Option* option : app->get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
      }
    }
    return names;
  }

  CLI::App app_{"Prism, a data access gateway: one API in front of your stores."};
  CLI::App* serve_ = nullptr;
  CLI::App* kv_ = nullptr;
  CLI::App* status_ = nullptr;
  CLI::App* registry_ = nullptr;
  CLI::App* validate_ = nullptr;
  CLI::App* generate_ = nullptr;
  CLI::App* conformance_ = nullptr;
  ServeOptions serve_options_;
  KvOptions kv_options_;
  StatusOptions status_options_;
  RegistryOptions registry_options_;
  ValidateOptions validate_options_;
  GenerateOptions generate_options_;
  ConformanceOptions conformance_options_;
  bool expect_absent_ = false;
};

}  // namespace

Arguments ParseArguments(std::vector<std::string> words) {
  return Grammar().Parse(std::move(words));
}

}  // namespace prism::cli
