#include "config/load.h"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace prism {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

DriverCatalog Drivers() {
  return {{"memstore", "redis"}, [](std::string_view, const Settings& settings) {
            SettingsReader reader(settings);
            reader.Bytes("max_bytes", 1 << 20, 1, int64_t{1} << 40);
            return reader.Finish();
          }};
}

LoadResult Parse(std::string_view text) { return ParseConfig(text, "p.yaml", Drivers()); }

// What a person sees, without the hints.
std::string FaultsOf(std::string_view text) {
  LoadResult result = Parse(text);
  for (Fault& fault : result.faults) fault.hint.clear();
  return FormatFaults(result.faults);
}

constexpr std::string_view kMinimal =
    "listen: 127.0.0.1:50051\n"
    "namespaces: [{name: demo, backend: memstore}]\n";

std::string With(std::string_view more) { return std::string(kMinimal) + std::string(more); }

TEST(LoadTest, TheLeastHasTheDefaults) {
  const LoadResult result = Parse(kMinimal);
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  const Config& config = result.config;
  ASSERT_EQ(config.listeners.size(), 1u);
  EXPECT_EQ(config.listeners[0].address, "127.0.0.1:50051");
  EXPECT_FALSE(config.listeners[0].tls);
  EXPECT_EQ(config.admin, "");
  EXPECT_EQ(config.workers, 0u);
  EXPECT_FALSE(config.tls.has_value());
  EXPECT_EQ(config.limits.in_flight_bytes, uint64_t{256} << 20);
  EXPECT_EQ(config.limits.requests_per_second, 0u);
  EXPECT_EQ(config.keepalive.handshake_timeout, 10s);
  EXPECT_EQ(config.drain_timeout, 30s);
  EXPECT_EQ(config.log.level, LogLevel::kInfo);
  ASSERT_EQ(config.backends.size(), 1u) << "the implicit one";
  EXPECT_EQ(config.FindBackend("memstore")->driver, "memstore");
  ASSERT_EQ(config.namespaces.size(), 1u);
  EXPECT_EQ(config.namespaces[0].backend, "memstore");
}

TEST(LoadTest, EveryKeyIsTaken) {
  const LoadResult result = Parse(R"(
listen:
  - 0.0.0.0:0
  - {address: "[::1]:443", tls: false}
  - unix:/run/prism.sock
admin: 127.0.0.1:9090
workers: 3
limits: {connections: 7, streams_per_connection: 8, in_flight_bytes: 2GiB, message_bytes: 64KB,
         header_list_bytes: 8KiB, stream_window_bytes: 65536, connection_window_bytes: 2MiB,
         requests_per_second: 500}
keepalive: {ping_after: 2h, ping_timeout: 500ms, handshake_timeout: 1s, idle_timeout: 10m,
            stall_timeout: 5s}
drain_timeout: 0s
log: {level: debug, format: json}
backends:
  big: {driver: memstore, max_bytes: 1GiB}
namespaces:
  - name: a
    backend: big
    limits: {in_flight_bytes: 1MiB, requests_per_second: off, concurrent_requests: 9}
)");
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  const Config& config = result.config;
  ASSERT_EQ(config.listeners.size(), 3u);
  EXPECT_EQ(config.listeners[1].address, "[::1]:443");
  EXPECT_EQ(config.admin, "127.0.0.1:9090");
  EXPECT_EQ(config.workers, 3u);
  EXPECT_EQ(config.limits.message_bytes, 64'000u);
  EXPECT_EQ(config.limits.requests_per_second, 500u);
  EXPECT_EQ(config.keepalive.ping_timeout, 500ms);
  EXPECT_EQ(config.keepalive.idle_timeout, 10min);
  EXPECT_EQ(config.keepalive.stall_timeout, 5s);
  EXPECT_EQ(config.drain_timeout, 0s);
  EXPECT_EQ(config.log.format, LogFormat::kJson);
  ASSERT_EQ(config.backends.size(), 1u);
  const Settings& settings = config.backends[0].settings;
  ASSERT_EQ(settings.values.size(), 1u);
  EXPECT_EQ(settings.backend, "big");
  EXPECT_EQ(settings.values[0].key, "max_bytes");
  EXPECT_EQ(settings.values[0].value, "1GiB");
  EXPECT_EQ(settings.values[0].line, 16);
  EXPECT_EQ(config.namespaces[0].limits.concurrent_requests, 9u);
}

TEST(LoadTest, AllFaultsAreFoundAtOnce) {
  const LoadResult result = Parse(R"(lisen: 127.0.0.1:1
admin: localhost
workers: 300
limits:
  connections: many
  message_bytes: 16MB1
drain_timeout: 30
log: {level: loud}
backends:
  cache: {driver: rediss}
  big: {driver: memstore, max_byte: 1}
  no: {}
namespaces:
  - {name: Bad Name, backend: memstore}
  - {name: a, backend: cach}
  - {name: a, backend: big}
  - {backend: big, limits: {in_flight_bytes: 1}}
)");
  EXPECT_EQ(FormatFaults(result.faults), R"(p.yaml:1:1: unknown key 'lisen'
    hint: did you mean 'listen'?
p.yaml:2:8: 'localhost' is not an address of the form host:port or unix:/path
    hint: write for example 127.0.0.1:9090
p.yaml:3:10: 'workers' must be a whole number from 1 to 256 or 'auto', not '300'
p.yaml:5:16: 'limits.connections' must be a whole number from 1 to 10000000, not 'many'
p.yaml:6:18: 'limits.message_bytes' must be a size from 1KiB to 2147483647, not '16MB1'
    hint: write for example 4096, 64KiB or 16MiB
p.yaml:7:16: 'drain_timeout' must be a time from 0ms to 24h, not '30'
    hint: write a number and its unit: 500ms, 30s, 5m or 2h
p.yaml:8:14: 'log.level' must be one of debug, info, warn, error, off, not 'loud'
p.yaml:10:19: unknown driver 'rediss'
    hint: did you mean 'redis'? known drivers: memstore, redis
p.yaml:11:27: backend 'big': unknown key 'max_byte'; did you mean 'max_bytes'?
p.yaml:12:7: 'backends.no.driver' is missing
    hint: known drivers: memstore, redis
p.yaml:14:12: 'Bad Name' cannot be the name of a namespace
    hint: use up to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
p.yaml:15:24: unknown backend 'cach'
    hint: did you mean 'cache'? known backends: cache, big, no, memstore, redis
p.yaml:16:12: namespace 'a' is given twice
    hint: it is first given on line 15
p.yaml:17:5: 'namespaces.name' is missing
    hint: use up to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit
p.yaml:17:46: 'namespaces.limits.in_flight_bytes' must be a size from 1KiB to 1TiB or 'off', not '1'
)");
}

TEST(LoadTest, WrongKinds) {
  EXPECT_EQ(FaultsOf("[]"), "p.yaml:1:1: a configuration must be a map, not a list\n");
  EXPECT_EQ(FaultsOf("word"), "p.yaml:1:1: a configuration must be a map, not a single value\n");
  EXPECT_EQ(FaultsOf("listen:\nnamespaces: {}\n"),
            "p.yaml:1:1: an entry of 'listen' must be a single value, not nothing\n"
            "p.yaml:2:13: 'namespaces' must be a list, not a map\n");
  EXPECT_EQ(FaultsOf("listen: []\nnamespaces: []\n"),
            "p.yaml:1:9: 'listen' has no address\n"
            "p.yaml:2:13: 'namespaces' is empty\n");
  EXPECT_EQ(FaultsOf(With("limits: 5\n")),
            "p.yaml:3:9: 'limits' must be a map, not a single value\n");
  EXPECT_EQ(FaultsOf(With("limits: {connections: [1]}\n")),
            "p.yaml:3:23: 'limits.connections' must be a whole number from 1 to 10000000, not a "
            "list\n");
  EXPECT_EQ(FaultsOf(With("backends: {b: {driver: memstore, max_bytes: {x: 1}}}\n")),
            "p.yaml:3:45: 'backends.b.max_bytes' must be a single value, not a map\n");
}

TEST(LoadTest, Addresses) {
  const auto faults = [](const std::string& address) {
    return FaultsOf("listen: '" + address + "'\nnamespaces: [{name: d, backend: memstore}]\n");
  };
  for (const char* good : {"0.0.0.0:1", "127.0.0.1:0", "[::]:65535", "unix:/tmp/s"}) {
    EXPECT_EQ(faults(good), "") << good;
  }
  for (const char* bad : {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                          "127.0.0.1:1x", "256.0.0.1:1", "::1:1", "[::1]", "[127.0.0.1]:1",
                          "example.org:1", "*:1", "unix:", "unix:relative"}) {
    EXPECT_EQ(faults(bad).substr(0, 12), "p.yaml:1:9: ") << bad;
  }
  EXPECT_NE(faults("unix:/" + std::string(200, 'x')), "");
  EXPECT_EQ(FaultsOf("listen: [127.0.0.1:5, 127.0.0.1:5]\nadmin: 127.0.0.1:5\n"
                     "namespaces: [{name: d, backend: memstore}]\n"),
            "p.yaml:1:23: address '127.0.0.1:5' is given twice\n"
            "p.yaml:2:8: 'admin' and 'listen' have the same address '127.0.0.1:5'\n");
  EXPECT_EQ(FaultsOf(With("admin: off\n")), "");
}

TEST(LoadTest, LimitsMustAgree) {
  EXPECT_EQ(FaultsOf(With("limits: {message_bytes: 512MiB}\n")),
            "p.yaml:3:9: 'limits.message_bytes' is above 'limits.in_flight_bytes'\n");
}

TEST(LoadTest, ADeclaredMemstoreWins) {
  const LoadResult result = Parse(With("backends: {memstore: {driver: redis}}\n"));
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  ASSERT_EQ(result.config.backends.size(), 1u);
  EXPECT_EQ(result.config.backends[0].driver, "redis");
}

TEST(LoadTest, FaultsOfADriverWithoutAPlaceAreAtTheBackend) {
  DriverCatalog drivers = Drivers();
  drivers.check = [](std::string_view, const Settings& settings) -> Status {
    if (settings.backend != "b") return OkStatus();
    return UnavailableError("first\nsecond").WithHint("look there");
  };
  const LoadResult result =
      ParseConfig(With("backends:\n  b: {driver: memstore}\n"), "p.yaml", drivers);
  EXPECT_EQ(FormatFaults(result.faults),
            "p.yaml:4:3: first\n    hint: look there\n"
            "p.yaml:4:3: second\n    hint: look there\n");
}

class LoadFileTest : public testing::Test {
 protected:
  LoadFileTest() {
    std::string name = (fs::temp_directory_path() / "prism_load_XXXXXX").string();
    dir_ = mkdtemp(name.data());
  }
  ~LoadFileTest() override { fs::remove_all(dir_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = (dir_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  std::string FaultsOfFile(const std::string& path) const {
    LoadResult result = LoadConfig(path, Drivers());
    std::string out;
    for (const Fault& fault : result.faults) {
      EXPECT_EQ(fault.file, path);
      out += std::to_string(fault.line) + ": " + fault.message + "\n";
    }
    return out;
  }

  fs::path dir_;
};

TEST_F(LoadFileTest, FilesThatCannotBeRead) {
  EXPECT_EQ(FaultsOfFile((dir_ / "none").string()),
            "0: cannot read the configuration: No such file or directory\n");
  EXPECT_EQ(FaultsOfFile(dir_.string()), "0: cannot read the configuration: not a file\n");
  EXPECT_EQ(FaultsOfFile("/dev/zero"), "0: cannot read the configuration: not a file\n");
  const std::string fifo = (dir_ / "fifo").string();
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(FaultsOfFile(fifo), "0: cannot read the configuration: not a file\n");
  EXPECT_EQ(FaultsOfFile(Write("huge", std::string(kMaxConfigBytes + 1, '#'))),
            "0: larger than 4MiB\n");
  EXPECT_EQ(FaultsOfFile(Write("empty", "")), "1: 'namespaces' is missing\n");
}

TEST_F(LoadFileTest, TheExampleIsGoodAndStatesTheDefaults) {
  const LoadResult result = LoadConfig(PRISM_SOURCE_DIR "/examples/prism.yaml", Drivers());
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  const Config& config = result.config;
  EXPECT_EQ(config.namespaces.size(), 2u);
  EXPECT_EQ(config.limits.connections, LimitsConfig().connections);
  EXPECT_EQ(config.limits.streams_per_connection, LimitsConfig().streams_per_connection);
  EXPECT_EQ(config.limits.in_flight_bytes, LimitsConfig().in_flight_bytes);
  EXPECT_EQ(config.limits.message_bytes, LimitsConfig().message_bytes);
  EXPECT_EQ(config.limits.header_list_bytes, LimitsConfig().header_list_bytes);
  EXPECT_EQ(config.limits.stream_window_bytes, LimitsConfig().stream_window_bytes);
  EXPECT_EQ(config.limits.connection_window_bytes, LimitsConfig().connection_window_bytes);
  EXPECT_EQ(config.keepalive.ping_after, KeepaliveConfig().ping_after);
  EXPECT_EQ(config.keepalive.ping_timeout, KeepaliveConfig().ping_timeout);
  EXPECT_EQ(config.keepalive.handshake_timeout, KeepaliveConfig().handshake_timeout);
  EXPECT_EQ(config.drain_timeout, Config().drain_timeout);
}

TEST_F(LoadFileTest, TlsFiles) {
  const std::string key = Write("key.pem", "no key");
  EXPECT_EQ(FaultsOfFile(Write("a.yaml", With("tls:\n  certificate: none.pem\n  key: key.pem\n"))),
            "4: cannot read 'tls.certificate' '" + (dir_ / "none.pem").string() +
                "': No such file or directory\n");
  EXPECT_EQ(FaultsOfFile(Write("b.yaml", With("tls:\n  key: .\n"))),
            "4: 'tls.certificate' is missing\n"
            "4: cannot read 'tls.key' '" +
                (dir_ / ".").string() + "': not a file\n");
  const std::string both = "certificate: key.pem, key: key.pem";
  EXPECT_EQ(FaultsOfFile(Write("c.yaml", With("tls: {" + both + "}\n"))).substr(0, 10),
            "3: 'tls': ");
  EXPECT_EQ(
      FaultsOfFile(Write("d.yaml", With("tls: {" + both + ", client_certificates: require}\n")))
          .substr(0, 61),
      "3: 'tls.client_certificates' needs 'tls.client_ca'\n3: 'tls': ");
}

// Writes a key and a certificate of its own for a day.
void WriteCertificate(const std::string& certificate_path, const std::string& key_path) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 60 * 60);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  FILE* file = std::fopen(certificate_path.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  file = std::fopen(key_path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TEST_F(LoadFileTest, GoodTls) {
  const std::string certificate = (dir_ / "c.pem").string();
  const std::string key = (dir_ / "k.pem").string();
  WriteCertificate(certificate, key);
  LoadResult result =
      LoadConfig(Write("a.yaml", With("tls: {certificate: c.pem, key: " + key + "}\n")), Drivers());
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  EXPECT_EQ(result.config.tls->certificate, certificate);
  EXPECT_EQ(result.config.tls->key, key);
  EXPECT_EQ(result.config.tls->client_certificates, ClientCertificates::kNone);
  EXPECT_TRUE(result.config.listeners[0].tls);
  result =
      LoadConfig(Write("b.yaml", With("tls: {certificate: c.pem, key: k.pem, client_ca: c.pem}\n")),
                 Drivers());
  ASSERT_TRUE(result.ok()) << FormatFaults(result.faults);
  EXPECT_EQ(result.config.tls->client_certificates, ClientCertificates::kRequire)
      << "an authority is named for a purpose";
  WriteCertificate(certificate, (dir_ / "other.pem").string());
  EXPECT_FALSE(LoadConfig((dir_ / "a.yaml").string(), Drivers()).ok()) << "not that key's";
}

TEST_F(LoadFileTest, TlsOfListeners) {
  Write("key.pem", "no key");
  const std::string rest =
      "namespaces: [{name: d, backend: memstore}]\n"
      "tls: {certificate: key.pem, key: key.pem}\n";
  const LoadResult result = LoadConfig(
      Write("a.yaml",
            "listen: [127.0.0.1:1, {address: 127.0.0.1:2, tls: false}, unix:/s]\n" + rest),
      Drivers());
  ASSERT_EQ(result.config.listeners.size(), 3u);
  EXPECT_TRUE(result.config.listeners[0].tls);
  EXPECT_FALSE(result.config.listeners[1].tls);
  EXPECT_FALSE(result.config.listeners[2].tls);
  EXPECT_EQ(
      FaultsOf("listen: [{address: 'unix:/s', tls: true}, {address: 127.0.0.1:1, tls: true}]\n"
               "namespaces: [{name: d, backend: memstore}]\n"),
      "p.yaml:1:36: a Unix socket does not use TLS\n"
      "p.yaml:1:71: this entry wants TLS, but there is no certificate\n");
}

TEST(LoadGarbageTest, NeverCrashes) {
  const std::string good = With(
      "tls: {certificate: a, key: b}\nlimits: {connections: 5}\nbackends: {b: {driver: redis}}\n");
  std::mt19937 random(20260102);
  static constexpr char kSpice[] = "[]{}:,-?&*!|>'\"%@` \n\t#~\0\x04\xFF\xC3\r\\0<<";
  const std::string_view spice(kSpice, sizeof(kSpice) - 1);
  for (int round = 0; round < 3000; ++round) {
    std::string text = good;
    for (int edits = 1 + random() % 6; edits > 0; --edits) {
      const size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = spice[random() % spice.size()];
          break;
        case 1:
          text.insert(at, 1, spice[random() % spice.size()]);
          break;
        default:
          text.erase(at, 1 + random() % 8);
          break;
      }
      if (text.empty()) text = "x";
    }
    FormatFaults(Parse(text).faults);
  }
}

TEST(LoadGarbageTest, LargeInputsEndSoon) {
  for (const char* piece :
       {"a",   "a: ", "- ",   "[",    "{",     "\"", "'",  "a\n",    "k: v\n", "? ", "*a ",
        "&a ", "!a ", "|\n ", "%x\n", "---\n", " ",  "\n", "a: [\n", "#",      "x,"}) {
    std::string text;
    while (text.size() < 400'000) text += piece;
    EXPECT_FALSE(Parse(text).ok()) << piece;
  }
}

}  // namespace
}  // namespace prism
