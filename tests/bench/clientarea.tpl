<p>{$userProfile.Username|escape}: {$MaximumDevices}</p>
<table>
{foreach $getJobsForUser as $job}
<tr><td>{$job.Classification}</td><td>{$job.Status}</td><td>{$job.StartTime}</td><td>{$job.EndTime}</td><td>{$job.DeviceName|escape}</td>
<td>{$job.SourceDescription|escape}</td><td>{$job.TotalSize}</td><td>{$job.UploadSize}</td><td>{$job.DownloadSize}</td><td>{$job.TotalFiles}</td></tr>
{/foreach}
</table>
