# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of gannet-cli for fish.
set -l verbs detect info formats get list search platforms queue
set -l queue_verbs add list pause resume cancel retry remove run

complete -c gannet-cli -f
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a detect -d 'Say whose links these are'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a info -d 'Show what a link leads to'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a formats -d 'Show the formats'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a get -d 'Download'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a list -d 'List a channel, user or playlist'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a search -d 'Search a site'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a platforms -d 'Show the sites of this build'
complete -c gannet-cli -n "not __fish_seen_subcommand_from $verbs" -a queue -d 'Keep downloads until they are done'

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
complete -c gannet-cli -n '__fish_seen_subcommand_from list search; and not __fish_seen_subcommand_from queue' -l limit -x -d 'Stop after so many'
complete -c gannet-cli -n '__fish_seen_subcommand_from search' -l in -x -d 'Search within this channel'
complete -c gannet-cli -n '__fish_seen_subcommand_from search' -a '(gannet-cli platforms 2> /dev/null | cut -d " " -f 1)'

set -l in_queue '__fish_seen_subcommand_from queue'
set -l begins "$in_queue; and not __fish_seen_subcommand_from $queue_verbs"
set -l adds "$in_queue; and __fish_seen_subcommand_from add"
set -l changes "$in_queue; and __fish_seen_subcommand_from pause resume cancel retry remove"
complete -c gannet-cli -n $begins -a add -d 'Add links'
complete -c gannet-cli -n $begins -a list -d 'Show what is to be done'
complete -c gannet-cli -n $begins -a pause -d 'Stop downloads and keep what is there'
complete -c gannet-cli -n $begins -a resume -d 'Go on with what was paused'
complete -c gannet-cli -n $begins -a cancel -d 'Stop downloads and delete what is there'
complete -c gannet-cli -n $begins -a retry -d 'Begin again what failed or was cancelled'
complete -c gannet-cli -n $begins -a remove -d 'Take downloads off the list'
complete -c gannet-cli -n $begins -a run -d 'Download what is to be done, here'
complete -c gannet-cli -n $adds -s d -l directory -x -a '(__fish_complete_directories)' -d 'Where to put the files'
complete -c gannet-cli -n $adds -s q -l quality -x -a 'best 2160p 1440p 1080p 720p 480p 360p audio' -d 'The greatest height'
complete -c gannet-cli -n $adds -s f -l format -x -d 'The format of this id'
complete -c gannet-cli -n "$in_queue; and __fish_seen_subcommand_from run" -l stay -d 'Wait for more when all is done'
complete -c gannet-cli -n $changes -l all -d 'All of the queue'
complete -c gannet-cli -n $changes -a '(gannet-cli queue list 2> /dev/null | string replace -r "  +" \t)'
