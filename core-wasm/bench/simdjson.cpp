// Reads the flat events of adverse-events.mjs with simdjson On-Demand, each field to the type of the model, strings copied; prints JSON.
// Built and run by simdjson.mjs: simdjson <file> <milliseconds> typed|plain; plain leaves identifiers, times and enums the strings that they are.
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

using namespace simdjson;

namespace {

/** What one event becomes; strings are places in the text buffer. */
struct Event {
  uint8_t id[16];
  int64_t at_ms;
  uint32_t origin, destination, carrier, note;
  int16_t delay;
  uint16_t distance;
  double fare;
  uint8_t seats;
  bool cancelled;
  uint8_t status;
};

constexpr std::string_view statuses[] = {"scheduled", "boarding", "departed", "landed"};

struct Reader {
  std::vector<Event> events;
  std::vector<char> text;
  size_t text_bytes = 0;

  uint32_t copy(std::string_view value) {
    const uint32_t at = static_cast<uint32_t>(text_bytes);
    std::memcpy(text.data() + at, value.data(), value.size());
    text_bytes += value.size();
    return at;
  }
};

/** 0 to 15, or -1. */
struct HexTable {
  int8_t of[256];
  constexpr HexTable() : of() {
    for (int c = 0; c < 256; c++) {
      of[c] = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }
  }
};
constexpr HexTable hex;

bool read_uuid(std::string_view value, uint8_t *out) {
  if (value.size() != 36 || value[8] != '-' || value[13] != '-' || value[18] != '-' || value[23] != '-') return false;
  int bad = 0;
  for (size_t i = 0, at = 0; i < 16; i++, at += 2) {
    if (value[at] == '-') at++;
    const int high = hex.of[static_cast<uint8_t>(value[at])];
    const int low = hex.of[static_cast<uint8_t>(value[at + 1])];
    bad |= high | low;
    out[i] = static_cast<uint8_t>(high << 4 | (low & 15));
  }
  return bad >= 0;
}

bool read_digits(const char *at, int count, int &out) {
  out = 0;
  for (int i = 0; i < count; i++) {
    const unsigned digit = static_cast<unsigned char>(at[i]) - '0';
    if (digit > 9) return false;
    out = out * 10 + static_cast<int>(digit);
  }
  return true;
}

/** yyyy-mm-ddThh:mm:ss.mmmZ, the only form in the data. */
bool read_time(std::string_view value, int64_t &out) {
  static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year, month, day, hour, minute, second, milli;
  const char *at = value.data();
  if (value.size() != 24 || at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' || at[16] != ':' || at[19] != '.' || at[23] != 'Z')
    return false;
  if (!read_digits(at, 4, year) || !read_digits(at + 5, 2, month) || !read_digits(at + 8, 2, day) || !read_digits(at + 11, 2, hour) ||
      !read_digits(at + 14, 2, minute) || !read_digits(at + 17, 2, second) || !read_digits(at + 20, 3, milli))
    return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month < 1 || month > 12 || day < 1 || day > days[month - 1] + (month == 2 && leap) || hour > 23 || minute > 59 || second > 59) return false;
  // Days since 1970, counted in years that begin in March.
  const int64_t y = year - (month <= 2);
  const int64_t era = y / 400;
  const int64_t of_era = y - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t number = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
  out = ((number * 24 + hour) * 60 + minute) * 60000 + second * 1000 + milli;
  return true;
}

bool read_string(ondemand::object &object, std::string_view name, std::string_view &out) { return !object.find_field(name).get_string().get(out); }

bool read_integer(ondemand::object &object, std::string_view name, int64_t least, int64_t most, int64_t &out) {
  return !object.find_field(name).get_int64().get(out) && out >= least && out <= most;
}

/** Fields are asked for in the order in which they come: On-Demand's quickest way. */
template <bool typed>
bool read_event(ondemand::object &object, Reader &reader, Event &event) {
  std::string_view value;
  int64_t number;
  if (!read_string(object, "id", value) || (typed && !read_uuid(value, event.id))) return false;
  if (!typed) reader.copy(value);
  if (!read_string(object, "at", value) || (typed && !read_time(value, event.at_ms))) return false;
  if (!typed) reader.copy(value);
  if (!read_string(object, "origin", value)) return false;
  event.origin = reader.copy(value);
  if (!read_string(object, "destination", value)) return false;
  event.destination = reader.copy(value);
  if (!read_string(object, "carrier", value) || value.size() < 2 || value.size() > 32) return false;
  event.carrier = reader.copy(value);
  if (!read_integer(object, "delay", -32768, 32767, number)) return false;
  event.delay = static_cast<int16_t>(number);
  if (!read_integer(object, "distance", 0, 65535, number)) return false;
  event.distance = static_cast<uint16_t>(number);
  if (object.find_field("fare").get_double().get(event.fare)) return false;
  if (!read_integer(object, "seats", 0, 255, number)) return false;
  event.seats = static_cast<uint8_t>(number);
  if (object.find_field("cancelled").get_bool().get(event.cancelled)) return false;
  if (!read_string(object, "status", value)) return false;
  if (typed) {
    event.status = 0;
    while (event.status < 4 && value != statuses[event.status]) event.status++;
    if (event.status == 4) return false;
  } else reader.copy(value);
  if (!read_string(object, "note", value)) return false;
  event.note = reader.copy(value);
  return true;
}

template <bool typed>
size_t read_all(ondemand::parser &parser, const padded_string &input, Reader &reader) {
  reader.text_bytes = 0;
  size_t count = 0;
  ondemand::document_stream stream;
  if (parser.iterate_many(input).get(stream)) return 0;
  for (auto document : stream) {
    ondemand::object object;
    if (document.get_object().get(object) || !read_event<typed>(object, reader, reader.events[count])) return 0;
    count++;
  }
  return count;
}

}  // namespace

int main(int arguments, char **argument) {
  padded_string input;
  if (arguments != 4 || padded_string::load(argument[1]).get(input)) return 2;
  const double limit_s = std::atof(argument[2]) / 1e3;
  const auto run = std::string_view(argument[3]) == "typed" ? read_all<true> : read_all<false>;
  Reader reader;
  size_t lines = 0;
  for (size_t i = 0; i < input.size(); i++) lines += input.data()[i] == '\n';
  reader.events.resize(lines);
  reader.text.resize(input.size());
  ondemand::parser parser;
  using clock = std::chrono::steady_clock;
  const auto begun = clock::now();
  double best_s = 1e9;
  do {
    const auto from = clock::now();
    if (run(parser, input, reader) != lines) return 1;
    best_s = std::min(best_s, std::chrono::duration<double>(clock::now() - from).count());
  } while (std::chrono::duration<double>(clock::now() - begun).count() < limit_s);
  // What was read is shown, so that no compiler leaves it out.
  double fares = 0;
  int64_t times = 0;
  for (const Event &event : reader.events) fares += event.fare, times += event.at_ms + event.delay + event.seats + event.status + event.id[15];
  std::printf("{\"rows\":%zu,\"bytes\":%zu,\"bestMs\":%.6f,\"textBytes\":%zu,\"fares\":%.2f,\"times\":%lld,", lines, input.size(), best_s * 1e3,
              reader.text_bytes, fares, static_cast<long long>(times));
  std::printf("\"version\":\"%d.%d.%d\",\"inlined\":\"%s\",\"linked\":\"%s\"}\n", SIMDJSON_VERSION_MAJOR, SIMDJSON_VERSION_MINOR,
              SIMDJSON_VERSION_REVISION, SIMDJSON_STRINGIFY(SIMDJSON_BUILTIN_IMPLEMENTATION), get_active_implementation()->name().c_str());
  return 0;
}
