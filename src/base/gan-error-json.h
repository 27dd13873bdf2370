/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The error object of contracts.md §1. */
#pragma once

#include "gan-error.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *gan_error_to_json (const GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
