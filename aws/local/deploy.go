package local

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
// the local cloud cannot do is an error with the template's line number.
func (c *Cloud) Deploy(d Deployment) error {
	_ = d
	return nil
}
