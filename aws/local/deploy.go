package local

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"orderops/aws/local/cloudformation"
	"orderops/aws/local/cloudformation/template"
)

// Deployment is a stack to make.
type Deployment struct {
	Stack string
	// Template is CloudFormation or SAM, in YAML or JSON.
	Template []byte
	// Parameters override the template's defaults.
	Parameters map[string]string
	// Files reads what the template points to (DefinitionUri), by the path that
	// stands in the template. Nil means that there are no files.
	Files func(name string) ([]byte, error)
	// Functions gives the code of every function in the template. Nil means that
	// the functions were registered before, by name.
	Functions func(f Function) (Handler, error)
}

// Deploy makes the resources of a template and starts its event sources. What
// the local cloud cannot do is an error with the template's line number. A
// failed deployment is not rolled back: close the cloud.
func (c *Cloud) Deploy(d Deployment) error {
	if err := c.deploy(d); err != nil {
		return fmt.Errorf("deploy stack %s: %w", d.Stack, err)
	}
	return nil
}

func (c *Cloud) deploy(d Deployment) error {
	if c.cloudformation.Exists(d.Stack) {
		return fmt.Errorf("it exists already")
	}
	t, err := template.Parse(d.Template)
	if err != nil {
		return err
	}
	parameters, err := t.Values(d.Parameters)
	if err != nil {
		return err
	}
	stack := cloudformation.Stack{
		ID: c.cloudformation.NewID(d.Stack), Name: d.Stack, Description: t.Description, Created: time.Now(),
	}
	for _, p := range t.Parameters {
		stack.Parameters = append(stack.Parameters, cloudformation.Parameter{Key: p.Name, Value: parameters[p.Name]})
	}
	values := maps.Clone(parameters)
	values["AWS::AccountId"] = c.Account()
	values["AWS::Partition"] = "aws"
	values["AWS::Region"] = c.Region()
	values["AWS::StackId"] = stack.ID
	values["AWS::StackName"] = stack.Name
	values["AWS::URLSuffix"] = urlSuffix

	b := newBuilder(c, d, t, t.Scope(values))
	for _, r := range t.Resources {
		made, err := b.make(r.Name)
		if err != nil {
			return err
		}
		if made != nil {
			stack.Resources = append(stack.Resources, cloudformation.Resource{Logical: r.Name, Physical: made.ref, Type: r.Type})
		}
	}
	if stack.Outputs, err = b.outputs(t); err != nil {
		return err
	}
	if err := c.cloudformation.Add(stack); err != nil {
		return err
	}
	for _, s := range b.sources { // which all resources must be there for
		if err := c.lambda.AddSource(s); err != nil {
			return err
		}
	}
	return nil
}

// urlSuffix ends the names of AWS's own hosts.
const urlSuffix = "amazonaws.com"

// outputs evaluates the outputs that exist.
func (b *builder) outputs(t *template.Template) ([]cloudformation.Output, error) {
	var all []cloudformation.Output
	for _, o := range t.Outputs {
		holds, err := b.scope.Holds(o.Condition, o.Line)
		if err != nil {
			return nil, err
		}
		if !holds {
			continue
		}
		value, err := b.scope.Text(o.Value)
		if err != nil {
			return nil, err
		}
		all = append(all, cloudformation.Output{Key: o.Name, Value: b.reachable(value), Description: o.Description})
	}
	return all, nil
}

// reachable replaces the host that an API has on AWS by the local one.
func (b *builder) reachable(value string) string {
	for _, id := range b.apis {
		host := fmt.Sprintf("https://%s.execute-api.%s.%s", id, b.cloud.Region(), urlSuffix)
		if path, ok := strings.CutPrefix(value, host); ok {
			return b.cloud.URL() + path
		}
	}
	return value
}
