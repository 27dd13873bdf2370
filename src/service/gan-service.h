/* SPDX-License-Identifier: GPL-3.0-or-later */
/* service: what the programs talk to. */
#pragma once

#include "gan-app.h"
#include "gan-config.h"
#include "gan-download.h"
#include "gan-job.h"
#include "gan-library.h"
#include "gan-log.h"
#include "gan-owner.h"
#include "gan-queue.h"
#include "gan-session.h"
#include "gan-settings.h"
#include "gan-stats.h"
#include "gan-thumbnails.h"
