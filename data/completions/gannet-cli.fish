# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of gannet-cli for fish.
set -l verbs detect info formats get list search platforms

complete -c gannet-cli -f
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a detect -d 'Say whose links these are'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a info -d 'Show what a link leads to'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a formats -d 'Show the formats'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a get -d 'Download'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a list -d 'List a channel, user or playlist'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a search -d 'Search a site'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a platforms -d 'Show the sites of this build'

complete -c gannet-cli -l replay -r -F -d 'Answer only from this HAR file'
complete -c gannet-cli -l record -r -F -d 'Write a HAR file, secrets left out'
complete -c gannet-cli -l connect-to -x -d 'HOST:PORT:HOST2:PORT2'
complete -c gannet-cli -l ca-file -r -F -d 'Trust the authorities in this file'
complete -c gannet-cli -l proxy -x -d 'Connect through this proxy'
complete -c gannet-cli -l no-config -d 'Use no settings, user rules or accounts'
complete -c gannet-cli -s v -l verbose -d 'Say on stderr what happens'
complete -c gannet-cli -s h -l help -d 'Show the options'
complete -c gannet-cli -l version -d 'Show the version'

complete -c gannet-cli -n "__fish_seen_subcommand_from $verbs" -l json -d 'Print JSON'
complete -c gannet-cli -n '__fish_seen_subcommand_from get' -s d -l directory -x -a '(__fish_complete_directories)' -d 'Where to put the files'
complete -c gannet-cli -n '__fish_seen_subcommand_from get' -s o -l output -x -d 'What to call the file'
complete -c gannet-cli -n '__fish_seen_subcommand_from get' -s q -l quality -x -a 'best 2160p 1440p 1080p 720p 480p 360p audio' -d 'The greatest height'
complete -c gannet-cli -n '__fish_seen_subcommand_from get' -s f -l format -x -d 'The format of this id'
complete -c gannet-cli -n '__fish_seen_subcommand_from get' -l limit-rate -x -d 'Bytes per second at most'
complete -c gannet-cli -n '__fish_seen_subcommand_from list search' -l limit -x -d 'Stop after so many'
complete -c gannet-cli -n '__fish_seen_subcommand_from search' -l in -x -d 'Search within this channel'
complete -c gannet-cli -n '__fish_seen_subcommand_from search' -a '(gannet-cli platforms 2> /dev/null | cut -d " " -f 1)'
