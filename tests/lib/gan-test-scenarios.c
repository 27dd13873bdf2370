/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of scenarios:
 *
 *   gan-test-scenarios-file.c     a file served rightly, slowly, cut, refused later
 *   gan-test-scenarios-range.c    ranges and validators gone wrong
 *   gan-test-scenarios-framing.c  lengths, chunks, codings
 *   gan-test-scenarios-broken.c   what is hardly HTTP: floods, silence, resets
 *   gan-test-scenarios-status.c   errors, waits, redirects
 *   gan-test-scenarios-answer.c   small right answers: pages, JSON, cookies, the request itself
 *   gan-test-scenarios-proxy.c    what a proxy is asked
 *
 * Each scenario tells its parameters above its function; those of a file are in gan-test-file.h and
 * hold wherever a scenario serves one. */
#include "config.h"

#include "gan-test-scenarios.h"

static const GanTestScenario *const groups[] = {
  gan_test_file_scenarios,   gan_test_range_scenarios,  gan_test_framing_scenarios,
  gan_test_broken_scenarios, gan_test_status_scenarios, gan_test_answer_scenarios,
  gan_test_proxy_scenarios,
};

/**
 * gan_test_scenario_run:
 * @name: first segment of the path
 * @exchange: what to answer
 *
 * An unknown name is answered by a plain 404.
 */
void
gan_test_scenario_run (const char *name, GanTestExchange *exchange)
{
  guint group, i;

  for (group = 0; group < G_N_ELEMENTS (groups); group++)
    for (i = 0; groups[group][i].name != NULL; i++)
      if (g_str_equal (groups[group][i].name, name))
        {
          groups[group][i].run (exchange);
          return;
        }
  gan_test_exchange_reply (exchange, 404, "text/plain", "no such scenario\n");
}
