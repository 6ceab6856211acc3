package executions

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// commandActions copy what the AWS CLI is told to do the same.
func commandActions(world *action.World, e *monitor.Execution, ok bool) []action.Action {
	look := action.Action{Binding: keys.New("copy as AWS CLI", "c"), Title: "copy as AWS CLI command: look at the execution", Quiet: true}
	change := action.Action{Binding: keys.New("copy the change as AWS CLI", "C"), Title: "copy as AWS CLI command: stop, redrive or run again", Quiet: true}
	if !ok {
		look.Unavailable = "no execution is selected"
		change.Unavailable = look.Unavailable
	}
	arn := string(e.ARN)
	look.Run = func() tea.Cmd {
		return action.Send(action.Copy{Text: command(world, "describe-execution", "--execution-arn", arn), What: "AWS CLI command"})
	}
	execution := e.Execution()
	change.Run = func() tea.Cmd {
		return action.Send(action.Copy{Text: changeCommand(world, execution), What: "AWS CLI command"})
	}
	return []action.Action{look, change}
}

// changeCommand is what would most likely be done to an execution: a running one
// is stopped, a broken one redriven, one that succeeded is run again.
func changeCommand(world *action.World, e workflow.Execution) string {
	switch {
	case !e.Status.Ended():
		return command(world, "stop-execution", "--execution-arn", string(e.ARN))
	case e.Status.Broken():
		return command(world, "redrive-execution", "--execution-arn", string(e.ARN))
	}
	return command(world, "start-execution", "--state-machine-arn", world.Deployment.StateMachineARN, "--input", e.Input)
}

// command is a line for a shell.
func command(world *action.World, words ...string) string {
	line := append([]string{"aws", "stepfunctions"}, words...)
	if world.Deployment.Region != "" {
		line = append(line, "--region", world.Deployment.Region)
	}
	if world.Deployment.Endpoint != "" {
		line = append(line, "--endpoint-url", world.Deployment.Endpoint)
	}
	for i, word := range line {
		line[i] = quoted(word)
	}
	return strings.Join(line, " ")
}

// quoted is a word that a shell takes as it is. What a terminal would obey when
// it is pasted is written as an escape (bash and zsh: $'…').
func quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@%+", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	if strings.IndexFunc(word, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\uFFFD' }) < 0 {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	const hex = "0123456789abcdef"
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(word) {
		switch c := word[i]; {
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			b.WriteString(`\x` + string(hex[c>>4]) + string(hex[c&15]))
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString("'")
	return b.String()
}
