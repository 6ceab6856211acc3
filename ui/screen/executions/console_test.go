package executions

import (
	"testing"

	"orderops/ui/action"
	"orderops/workflow"
)

func TestConsoleAddress(t *testing.T) {
	t.Parallel()
	for arn, want := range map[workflow.ExecutionARN]string{
		"arn:aws:states:eu-west-1:1:execution:M:o":     "https://r.console.aws.amazon.com/states/home?region=r#/v2/executions/details/arn:aws:states:eu-west-1:1:execution:M:o",
		"arn:aws-cn:states:cn-north-1:1:execution:M:o": "https://r.console.amazonaws.cn/states/home?region=r#/v2/executions/details/arn:aws-cn:states:cn-north-1:1:execution:M:o",
		"": "https://r.console.aws.amazon.com/states/home?region=r#/v2/executions/details/",
	} {
		if got := consoleAddress("r", arn); got != want {
			t.Errorf("%s: %s, want %s", arn, got, want)
		}
	}
}

// Another endpoint than AWS has no console.
func TestConsoleIsAWSsOwn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		world action.World
		want  bool
	}{
		"AWS":      {action.World{}, true},
		"local":    {action.World{Local: true}, false},
		"endpoint": {action.World{Deployment: workflow.Deployment{Endpoint: "http://127.0.0.1:4566"}}, false},
	} {
		if got := consoleAction(&test.world, "", "").Unavailable == ""; got != test.want {
			t.Errorf("%s: available %v, want %v", name, got, test.want)
		}
	}
}
