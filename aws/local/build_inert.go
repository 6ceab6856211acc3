package local

import (
	"orderops/aws/local/cloudformation/template"
)

// inert are the types that a template may hold and that change nothing here,
// with the property that names them: the local AWS checks no permissions,
// and raises no alarms.
func inert() map[string]string {
	return map[string]string{
		"AWS::CloudWatch::Alarm":  "AlarmName",
		"AWS::IAM::ManagedPolicy": "ManagedPolicyName",
		"AWS::IAM::Policy":        "PolicyName",
		"AWS::Lambda::Permission": "",
		"AWS::SNS::TopicPolicy":   "",
		"AWS::SQS::QueuePolicy":   "",
	}
}

func makeInert(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	own := ""
	if property := inert()[r.Type]; property != "" {
		var err error
		if own, err = p.String(property); err != nil {
			return nil, err
		}
	}
	name := b.name(r, own)
	id := b.cloud.identity
	arn := ""
	switch r.Type {
	case "AWS::IAM::ManagedPolicy":
		arn = "arn:aws:iam::" + id.Account + ":policy/" + name
	case "AWS::CloudWatch::Alarm":
		arn = id.ARN("cloudwatch", "alarm:"+name)
	}
	return &resource{ref: name, attributes: map[string]string{"Arn": arn}}, nil
}
