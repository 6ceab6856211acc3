package executions

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
)

// consoleAction copies the address of an execution's page in the AWS console.
// Only AWS itself has one.
func consoleAction(world *action.World, arn workflow.ExecutionARN, unavailable string) action.Action {
	if unavailable == "" && (world.Local || world.Deployment.Endpoint != "") {
		unavailable = "only AWS itself has a console"
	}
	region := world.Deployment.Region
	return action.Action{
		Binding: keys.Global().Console, Title: "copy the AWS console's address", Quiet: true, Unavailable: unavailable,
		Run: func() tea.Cmd {
			return action.Send(action.Copy{Text: consoleAddress(region, arn), What: "console address"})
		},
	}
}

// consoleAddress is the page of an execution, in the console of the ARN's partition.
func consoleAddress(region string, arn workflow.ExecutionARN) string {
	domain := "console.aws.amazon.com"
	switch {
	case strings.HasPrefix(string(arn), "arn:aws-cn:"):
		domain = "console.amazonaws.cn"
	case strings.HasPrefix(string(arn), "arn:aws-us-gov:"):
		domain = "console.amazonaws-us-gov.com"
	}
	return fmt.Sprintf("https://%s.%s/states/home?region=%s#/v2/executions/details/%s", region, domain, region, arn)
}
