#include "tools/omega/options.hpp"

#include "core/config/load.hpp"

#include <unistd.h>

#include <cstdlib>

namespace omega {

void add_config_options(CLI::App& verb, ConfigOptions& options) {
    verb.add_option("-c,--config", options.file, "configuration file (YAML); else $OMEGA_CONFIG, else the defaults");
    verb.add_option("--set", options.sets, "key=value, over file and environment; may be repeated");
}

void load_settings(core::Schema& schema, Settings& settings, const ConfigOptions& options) {
    std::string file = options.file;
    if (const char* named = std::getenv("OMEGA_CONFIG"); file.empty() && named != nullptr) file = named;
    core::load_or_throw(schema,
                        {.file = file, .environment = core::config_environment(environ), .flags = options.sets});
    apply_profile(schema, settings);
}

}  // namespace omega
