/* SPDX-License-Identifier: GPL-3.0-or-later */
/* engine: plans in, files out. */
#pragma once

#include "gan-file-name.h"
#include "gan-media-helper.h"
#include "gan-transfer.h"
