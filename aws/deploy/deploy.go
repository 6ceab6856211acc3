// Package deploy is the order system as it is deployed: the template for AWS,
// and the same template on a local cloud.
package deploy

import (
	"context"
	_ "embed" // the template
	"fmt"
	"io/fs"
	"maps"

	"orderops/aws/local"
	"orderops/workflow/definition"
)

// StackName is the name of the order system's stack.
const StackName = "order-system"

// LocalEmail is who is told of orders on a local cloud unless the parameter
// NotificationEmail says otherwise.
const LocalEmail = "orders@example.com"

// definitionFile is where the template says that the state machine's definition is.
const definitionFile = "../../workflow/definition/order.asl.json"

//go:embed template.yaml
var template []byte

// Template is the order system's SAM template.
func Template() []byte { return append([]byte(nil), template...) }

// Local deploys the order system's template on a local cloud as StackName.
// parameters override the template's defaults; without any, somebody is mailed
// and anybody may order, as nobody else reaches this cloud. handlers gives the code of each
// function by its kind (consumer, save, payment, restaurant; the value of
// ORDER_FUNCTION) with the environment that the template gives it.
func Local(
	cloud *local.Cloud,
	parameters map[string]string,
	handlers func(function string, environment map[string]string) (func(context.Context, []byte) ([]byte, error), error),
) error {
	return LocalTemplate(cloud, template, parameters, handlers)
}

// LocalTemplate deploys another template of the order system, as Local does: one
// that was changed on purpose.
func LocalTemplate(
	cloud *local.Cloud,
	text []byte,
	parameters map[string]string,
	handlers func(function string, environment map[string]string) (func(context.Context, []byte) ([]byte, error), error),
) error {
	given := map[string]string{"NotificationEmail": LocalEmail, "ApiAuthorization": "NONE"}
	maps.Copy(given, parameters)
	return cloud.Deploy(local.Deployment{
		Stack:      StackName,
		Template:   text,
		Parameters: given,
		Files:      file,
		Functions: func(f local.Function) (local.Handler, error) {
			return handlers(f.Environment["ORDER_FUNCTION"], f.Environment)
		},
	})
}

// file gives the one file that the template points to.
func file(name string) ([]byte, error) {
	if name != definitionFile {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return definition.Order(), nil
}
