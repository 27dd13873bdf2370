/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base: plain values. No network, no files. */
#pragma once

#include "gan-clock.h"
#include "gan-error-json.h"
#include "gan-error.h"
#include "gan-field-map.h"
#include "gan-format.h"
#include "gan-header-table.h"
#include "gan-host.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-media-type.h"
#include "gan-media.h"
#include "gan-percent.h"
#include "gan-plan.h"
#include "gan-pool.h"
#include "gan-record.h"
#include "gan-redact.h"
#include "gan-text.h"
#include "gan-transform.h"
#include "gan-unknown.h"
#include "gan-url.h"
