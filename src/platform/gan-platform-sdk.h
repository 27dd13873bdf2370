/* SPDX-License-Identifier: GPL-3.0-or-later */
/* platform: the SDK, and all that a site needs to include. */
#pragma once

#include "gan-base.h"
#include "gan-batch.h"
#include "gan-choice.h"
#include "gan-constraints.h"
#include "gan-extract.h"
#include "gan-match.h"
#include "gan-middleware.h"
#include "gan-page.h"
#include "gan-platform-handler.h"
#include "gan-platform.h"
#include "gan-registry.h"
#include "gan-rules.h"
#include "gan-template.h"
#include "gan-visit.h"
