#pragma once

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace prism::testing {

// A directory that goes with the object.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "prism-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A certificate authority and what it signs, as PEM files in a directory that goes with it. Keys
// are on P-256, valid for an hour from now.
class Certificates {
 public:
  explicit Certificates(const std::string& ca_name) : ca_key_(NewKey()) {
    ca_ = NewCertificate(ca_name, ca_key_.get());
    X509_set_issuer_name(ca_.get(), X509_get_subject_name(ca_.get()));
    AddExtension(ca_.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(ca_.get(), ca_key_.get(), EVP_sha256());
    WriteCertificate(ca_file(), ca_.get());
  }

  std::string ca_file() const { return dir_ / "ca.pem"; }
  std::string certificate_file(const std::string& name) const { return dir_ / (name + ".pem"); }
  std::string key_file(const std::string& name) const { return dir_ / (name + ".key"); }

  // Signs a certificate for the DNS name `name` and 127.0.0.1.
  void Issue(const std::string& name) {
    const KeyPtr key = NewKey();
    const CertificatePtr certificate = NewCertificate(name, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(ca_.get()));
    AddExtension(certificate.get(), NID_subject_alt_name, "DNS:" + name + ",IP:127.0.0.1");
    X509_sign(certificate.get(), ca_key_.get(), EVP_sha256());
    WriteCertificate(certificate_file(name), certificate.get());
    FILE* file = std::fopen(key_file(name).c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using KeyPtr = std::unique_ptr<EVP_PKEY, Free>;
  using CertificatePtr = std::unique_ptr<X509, Free>;

  static KeyPtr NewKey() { return KeyPtr(EVP_EC_gen("P-256")); }

  static CertificatePtr NewCertificate(const std::string& name, EVP_PKEY* key) {
    static long serial = 1;
    CertificatePtr certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_pubkey(certificate.get(), key);
    return certificate;
  }

  static void AddExtension(X509* certificate, int nid, const std::string& value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
  }

  static void WriteCertificate(const std::string& path, X509* certificate) {
    FILE* file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
  }

  TempDir dir_;
  KeyPtr ca_key_;
  CertificatePtr ca_;
};

}  // namespace prism::testing
