/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server can be asked to do, by name. */
#pragma once

#include "gan-test-exchange.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  void (*run) (GanTestExchange *exchange);
} GanTestScenario;

/* Each group is one file, and ends with a NULL name. */
extern const GanTestScenario gan_test_file_scenarios[];
extern const GanTestScenario gan_test_range_scenarios[];
extern const GanTestScenario gan_test_framing_scenarios[];
extern const GanTestScenario gan_test_broken_scenarios[];
extern const GanTestScenario gan_test_status_scenarios[];
extern const GanTestScenario gan_test_answer_scenarios[];
extern const GanTestScenario gan_test_proxy_scenarios[];

void gan_test_scenario_run (const char *name, GanTestExchange *exchange);

G_END_DECLS
