package executions

import (
	"fmt"

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
			address := fmt.Sprintf("https://%s.console.aws.amazon.com/states/home?region=%s#/v2/executions/details/%s", region, region, arn)
			return action.Send(action.Copy{Text: address, What: "console address"})
		},
	}
}
