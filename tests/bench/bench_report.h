// BenchReport: figures of a benchmark, each beside its ceiling, as a table or as JSON lines.
#pragma once

#include <cstdio>
#include <string>

namespace sanquan::bench {

struct Figure {
    std::string name;
    double value = 0;
    std::string unit;
    double ceiling = 0;        // 0: there is none
    std::string ceiling_note;  // what the ceiling is
};

inline void print_figure(const Figure& figure, bool json) {
    const double ratio = figure.ceiling > 0 ? figure.value / figure.ceiling : 0;
    if (json) {
        std::printf(
            "{\"name\":\"%s\",\"value\":%.6g,\"unit\":\"%s\",\"ceiling\":%.6g,\"ceiling_is\":\"%"
            "s\",\"ratio\":%.4f}\n",
            figure.name.c_str(), figure.value, figure.unit.c_str(), figure.ceiling,
            figure.ceiling_note.c_str(), ratio);
    } else if (figure.ceiling > 0) {
        std::printf("%-44s %14.2f %-10s ceiling %12.2f (%s), ratio %.3f\n", figure.name.c_str(),
                    figure.value, figure.unit.c_str(), figure.ceiling, figure.ceiling_note.c_str(),
                    ratio);
    } else {
        std::printf("%-44s %14.2f %s\n", figure.name.c_str(), figure.value, figure.unit.c_str());
    }
    std::fflush(stdout);
}

}  // namespace sanquan::bench
