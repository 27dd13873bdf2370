# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of gannet-cli for bash.
_gannet_cli ()
{
  local cur prev words cword verb below word
  _init_completion -n : || return
  local verbs='detect info formats get list search platforms queue'
  local queue_verbs='add list pause resume cancel retry remove run'
  local common='--replay --record --connect-to --ca-file --proxy --no-config --verbose --help --version'

  case $prev in
    --replay | --record | --ca-file) _filedir; return ;;
    --directory | -d) _filedir -d; return ;;
    --quality | -q)
      mapfile -t COMPREPLY < <(compgen -W 'best 2160p 1440p 1080p 720p 480p 360p audio' -- "$cur")
      return ;;
    --output | -o | --format | -f | --limit-rate | --limit | --in | --proxy | --connect-to) return ;;
  esac

  for word in "${words[@]:1:cword-1}"; do
    if [[ -z $verb && " $verbs " == *" $word "* ]]; then
      verb=$word
    elif [[ $verb == queue && " $queue_verbs " == *" $word "* ]]; then
      below=$word
      break
    fi
  done

  local options=$common
  case $verb in
    detect | info | formats | platforms) options+=' --json' ;;
    get) options+=' --json --directory --output --quality --format --limit-rate' ;;
    list) options+=' --json --limit' ;;
    search) options+=' --json --limit --in' ;;
    queue)
      case $below in
        add) options+=' --json --directory --quality --format' ;;
        list) options+=' --json' ;;
        run) options+=' --json --stay' ;;
        pause | resume | cancel | retry | remove) options+=' --json --all' ;;
        '') [[ $cur == -* ]] || options=$queue_verbs ;;
      esac ;;
    '') [[ $cur == -* ]] || options=$verbs ;;
  esac
  if [[ -z $verb || $verb$below == queue || $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  elif [[ $verb == search && $prev == search ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(gannet-cli platforms 2> /dev/null | cut -d ' ' -f 1)" -- "$cur")
  elif [[ $verb == queue && $below != add && $below != list && $below != run ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(gannet-cli queue list 2> /dev/null | cut -d ' ' -f 1)" -- "$cur")
  fi
}
complete -F _gannet_cli gannet-cli
