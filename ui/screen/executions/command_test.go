package executions

import (
	"os/exec"
	"testing"

	"orderops/ui/action"
	"orderops/workflow"
)

func TestChangeCommand(t *testing.T) {
	t.Parallel()
	world := &action.World{Deployment: workflow.Deployment{Region: "eu-west-1", StateMachineARN: "arn:m"}}
	for status, want := range map[workflow.ExecutionStatus]string{
		workflow.Running:   "aws stepfunctions stop-execution --execution-arn arn:e --region eu-west-1",
		workflow.Failed:    "aws stepfunctions redrive-execution --execution-arn arn:e --region eu-west-1",
		workflow.Succeeded: `aws stepfunctions start-execution --state-machine-arn arn:m --input '{"a":"it'\''s"}' --region eu-west-1`,
	} {
		if got := changeCommand(world, workflow.Execution{ARN: "arn:e", Status: status, Input: `{"a":"it's"}`}); got != want {
			t.Errorf("%s\n got %s\nwant %s", status, got, want)
		}
	}
}

// A word from outside reaches the program as it is, and nothing in it is run.
func TestQuotedWordsAreWhatAShellTakes(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash")
	}
	for _, word := range []string{"plain", "", "it's", "$(reboot) `id` \\ \"x\"", "a\nb", "\x1b[201~rm -rf\r", "ü日\u009b", "-n"} {
		quoted := quoted(word)
		for _, r := range quoted {
			if r < ' ' || r >= 0x7f && r < 0xa0 {
				t.Errorf("%q is pasted as %q", word, quoted)
			}
		}
		out, err := exec.CommandContext(t.Context(), shell, "-c", "printf %s "+quoted).Output()
		if word == "-n" { // printf's own affair
			continue
		}
		if err != nil || string(out) != word {
			t.Errorf("%q became %q, %v", word, out, err)
		}
	}
}
