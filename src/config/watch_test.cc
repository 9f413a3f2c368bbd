#include "config/watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace prism {
namespace {

namespace fs = std::filesystem;

class FileWatchTest : public testing::Test {
 protected:
  FileWatchTest() {
    std::string name = (fs::temp_directory_path() / "prism_watch_XXXXXX").string();
    dir_ = mkdtemp(name.data());
  }
  ~FileWatchTest() override { fs::remove_all(dir_); }

  std::string Path(const std::string& name) const { return (dir_ / name).string(); }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
  }

  fs::path dir_;
};

TEST_F(FileWatchTest, SeesAWriteInPlaceOnce) {
  Write("f", "one");
  FileWatch watch({Path("f")});
  EXPECT_FALSE(watch.Changed());
  Write("f", "three");
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

TEST_F(FileWatchTest, SeesAReplacementOfTheSameSizeAndTime) {
  Write("f", "one");
  Write("g", "two");
  fs::last_write_time(Path("g"), fs::last_write_time(Path("f")));
  FileWatch watch({Path("f")});
  fs::rename(Path("g"), Path("f"));
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

TEST_F(FileWatchTest, SeesALinkToAFolderTurnedElsewhere) {
  for (const char* version : {"v1", "v2"}) {
    fs::create_directory(dir_ / version);
    Write(std::string(version) + "/f", "same");
  }
  fs::create_directory_symlink("v1", dir_ / "data");
  fs::create_symlink("data/f", dir_ / "f");
  FileWatch watch({Path("f")});
  EXPECT_FALSE(watch.Changed());
  fs::create_directory_symlink("v2", dir_ / "data_new");
  fs::rename(dir_ / "data_new", dir_ / "data");
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

TEST_F(FileWatchTest, AMissingFileChangesWhenItIsBack) {
  Write("f", "one");
  FileWatch watch({Path("f"), Path("late")});
  fs::rename(Path("f"), Path("aside"));
  EXPECT_FALSE(watch.Changed());
  Write("f", "two!");
  EXPECT_TRUE(watch.Changed());
  Write("late", "");
  EXPECT_TRUE(watch.Changed());
  EXPECT_FALSE(watch.Changed());
}

TEST_F(FileWatchTest, OneOfManyIsEnough) {
  Write("a", "1");
  Write("b", "1");
  FileWatch watch({Path("a"), Path("b")});
  Write("b", "22");
  EXPECT_TRUE(watch.Changed());
}

}  // namespace
}  // namespace prism
