// The few lines that each shell needs to ask the program itself.

/// A shell that completion is written for.
///
/// The scripts know nothing of any command: they hand the words to the program's hidden command and show its answer.
package enum CompletionScript: String, CaseIterable, Sendable {
    case bash, zsh, fish

    /// The script for a program, to be sourced by the shell.
    package func text(for program: String) -> String {
        let function = "_" + String(program.map { $0 == "-" ? "_" : $0 })
        let template =
            switch self {
            case .bash: Self.bashScript
            case .zsh: Self.zshScript
            case .fish: Self.fishScript
            }
        return template.filling("PROGRAM", with: program).filling("FUNCTION", with: function)
    }

    private static let bashScript = #"""
        # Completion of PROGRAM for bash: source <(PROGRAM completion bash)
        FUNCTION() {
            local program=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]}
            local lead="" joined="" strays="" word value about rest i
            local -a words=() values=() shown=()
            COMPREPLY=()
            program=${program/#\~\//$HOME/}
            type -P -- "$program" >/dev/null || program=PROGRAM
            # Bash cuts words at "=" and ":"; here they become whole again.
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]//[\"\'\\]/}
                word=${word/#\~\//$HOME/}
                if ((${#words[@]})) && [[ $joined || $word == [=:] ]]; then
                    lead=${words[-1]}
                    words[-1]+=$word
                    if [[ $word == [=:] ]]; then joined=1 lead=${words[-1]}; else joined=""; fi
                else
                    lead="" joined=""
                    words+=("$word")
                fi
            done
            [[ $current == [=:] ]] && current=""
            while IFS=$'\t' read -r value about rest; do
                case $value in
                :file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
                :directory) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
                esac
                value=${value#"$lead"}
                [[ $value == "$current"* ]] || strays=1
                values+=("$value")
                shown+=("$value${about:+  ($about)}")
            done < <("$program" __complete "${words[@]}" 2>/dev/null)
            compopt -o nosort 2>/dev/null
            if ((${#values[@]} == 1)); then
                printf -v value %q "${values[0]}"
                COMPREPLY=("$value")
            elif ((${#values[@]} > 1)); then
                case ${COMP_TYPE-9} in
                37 | 42) COMPREPLY=("${values[@]}") ;; # the menu puts in what it shows
                *) COMPREPLY=("${shown[@]}") ;;
                esac
                # Found by name: what they have in common must not replace what was typed.
                [[ $strays ]] && COMPREPLY+=(" ")
            fi
            return 0
        }
        complete -F FUNCTION PROGRAM

        """#

    private static let zshScript = #"""
        #compdef PROGRAM
        # Completion of PROGRAM for zsh: source <(PROGRAM completion zsh)
        FUNCTION() {
            emulate -L zsh
            local program=${words[1]/#\~\//$HOME/} line stray=""
            local -a before lines fields values shown
            whence -p -- "$program" >/dev/null || program=PROGRAM
            (( CURRENT > 2 )) && before=("${(@Q)words[2,CURRENT-1]}")
            before=("${(@)before/#\~\//$HOME/}")
            lines=("${(@f)$("$program" __complete "${before[@]}" "${(Q)PREFIX}" 2>/dev/null)}")
            for line in "${lines[@]}"; do
                [[ -n $line ]] || continue
                fields=("${(@ps:\t:)line}")
                case $fields[1] in
                :file) _files; return ;;
                :directory) _files -/; return ;;
                esac
                [[ $fields[1] == "${(Q)PREFIX}"* ]] || stray=1
                values+=("$fields[1]")
                shown+=("$fields[1]${fields[2]:+  -- $fields[2]}")
            done
            (( $#values )) || return 1
            # Found by name: what they have in common must not replace what was typed.
            if [[ -n $stray ]] && (( $#values > 1 )); then
                compstate[insert]=""
                compstate[list]="list force"
            fi
            compadd -U -l -V PROGRAM -d shown -a values
        }
        if [[ ${funcstack[1]-} == FUNCTION ]]; then FUNCTION "$@"; else compdef FUNCTION PROGRAM; fi

        """#

    private static let fishScript = #"""
        # Completion of PROGRAM for fish: PROGRAM completion fish > ~/.config/fish/completions/PROGRAM.fish
        function _FUNCTION
            set -l words (commandline -opc)
            set -l current (commandline -ct | string unescape)
            test -n "$current"; or set current (commandline -ct)
            set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
            command -q -- $program; or set program PROGRAM
            set -e words[1]
            for line in ($program __complete $words "$current" 2>/dev/null)
                set -l fields (string split \t -- $line)
                switch $fields[1]
                    case :file
                        __fish_complete_path "$current"
                    case :directory
                        __fish_complete_directories "$current"
                    case '*'
                        # Fish shows only what continues the word: then the other spelling, where there is one.
                        set -l same (string sub -l (string length -- "$current") -- $fields[1])
                        if test (count $fields) -ge 3; and test "$same" != "$current"
                            printf '%s\t%s\n' $fields[3] $fields[2]
                        else
                            printf '%s\t%s\n' $fields[1] "$fields[2]"
                        end
                end
            end
        end
        complete -c PROGRAM -e
        complete -c PROGRAM -f -k -a '(_FUNCTION)'

        """#
}

extension String {
    /// The text with another word in every place where `word` stands.
    fileprivate func filling(_ word: String, with other: String) -> String {
        var text: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.first {
            if rest.starts(with: word.utf8) {
                text += other.utf8
                rest = rest.dropFirst(word.utf8.count)
            } else {
                text.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
