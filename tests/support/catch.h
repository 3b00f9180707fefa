// The only place that names Catch2's header, so that a change of its major version touches one line.
#pragma once

#include <catch2/catch.hpp>
