package local

import (
	"strings"

	"orderops/aws/local/cloudformation/template"
)

// inert are the types that a template may hold and that change nothing here:
// the local AWS raises no alarms, and knows policies of roles only.
func inert() []string {
	return []string{
		"AWS::CloudWatch::Alarm", "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::Lambda::Permission",
		"AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy",
	}
}

func makeInert(b *builder, r template.Resource, p *template.Node) (*resource, error) {
	kind := r.Type[strings.LastIndexByte(r.Type, ':')+1:]
	return &resource{ref: b.name(r, text(p, kind+"Name"))}, nil
}
